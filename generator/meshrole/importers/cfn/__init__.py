"""CloudFormation templates: what their functions stand for, and what their resources say of a mesh and its identities."""
