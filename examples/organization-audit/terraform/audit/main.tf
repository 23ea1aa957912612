# Written by meshrole: change the inventory, then generate again.
