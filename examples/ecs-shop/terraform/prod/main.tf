# Written by meshrole: change the inventory, then generate again.

module "shop" {
  source = "./shop"
}

output "shop" {
  description = "The roles of shop."
  value       = module.shop
}
