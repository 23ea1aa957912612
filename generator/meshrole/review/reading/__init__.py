"""From a plan to facts: one file for each family of resources."""
