"""Questions to a blueprint. Pure: what is read and printed is others' work."""
