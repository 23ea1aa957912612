"""Terraform plans, as `terraform show -json` prints them, to frozen facts. Pure: bytes in, values out."""
