"""Kubernetes manifests: the objects in them, what templates left open, and each mesh's resources."""
