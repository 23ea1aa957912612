"""What a plan changes in who can do what, and whether it breaks a rule. Reads plans; knows nothing of the generator."""
