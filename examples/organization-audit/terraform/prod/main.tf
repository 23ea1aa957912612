# Written by meshrole: change the inventory, then generate again.

module "shop" {
  source = "./shop"
}

module "pipelines" {
  source = "./pipelines"
}

output "shop" {
  description = "The roles of shop."
  value       = module.shop
}

output "pipelines" {
  description = "The roles of pipelines."
  value       = module.pipelines
}
