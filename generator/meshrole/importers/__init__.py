"""What is left of a mesh, read: CloudFormation, Kubernetes, Terraform, JSON of the AWS CLI, or AWS itself, to an inventory."""
