"""What several checks need: the grants of a plan, who is named in them, and which conditions narrow them."""
