"""Which calls of AWS say what a mesh is and who runs in it: read-only, in the order in which each answer leads to the next."""
