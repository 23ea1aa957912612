"""meshrole: least-privilege AWS identities for a service mesh, written as Terraform."""

__version__ = "0.1.0"
