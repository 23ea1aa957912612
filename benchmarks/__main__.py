"""`python benchmarks`: every benchmark, one table after the other."""

import evaluate
import generate
import plan
import roots
import startup

for benchmark in (startup, generate, plan, roots, evaluate):
    benchmark.main()
