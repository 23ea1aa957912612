"""`python benchmarks`: every benchmark, one table after the other."""

import generate
import plan
import roots
import startup

for benchmark in (startup, generate, plan, roots):
    benchmark.main()
