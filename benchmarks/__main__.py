"""`python benchmarks`: every benchmark, one table after the other."""

import evaluate
import generate
import plan
import review
import roots
import startup
import verify

for benchmark in (startup, generate, plan, roots, evaluate, verify, review):
    benchmark.main()
