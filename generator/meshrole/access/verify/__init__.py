"""Proofs about who can do what: one file for each, over identities that were planned or rendered, against an inventory."""
