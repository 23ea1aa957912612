# Written by meshrole: change the inventory, then generate again.

module "shop" {
  source = "./shop"
}

module "people" {
  source = "./people"
}

output "shop" {
  description = "The roles of shop."
  value       = module.shop
}

output "people" {
  description = "The roles of people."
  value       = module.people
}
