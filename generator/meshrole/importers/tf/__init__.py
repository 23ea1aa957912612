"""Terraform's three forms, state, plan and configuration, to one: resources with their attributes; and those to what is found."""
