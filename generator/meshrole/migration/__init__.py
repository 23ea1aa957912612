"""From one engine to another: the inventory's text edited, and what that changes in who can do what."""
