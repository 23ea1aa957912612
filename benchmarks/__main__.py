"""`python benchmarks`: every benchmark, one table after the other."""

import evaluate
import generate
import importing
import plan
import reviews
import roots
import startup
import verify

for benchmark in (startup, generate, plan, roots, evaluate, verify, reviews, importing):
    benchmark.main()
