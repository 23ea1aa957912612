"""`python benchmarks`: every benchmark, one table after the other."""

import evaluate
import generate
import plan
import roots
import startup
import verify

import review

for benchmark in (startup, generate, plan, roots, evaluate, verify, review):
    benchmark.main()
