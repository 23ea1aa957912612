# Written by meshrole: change the inventory, then generate again.

module "shop" {
  source = "./shop"
}

module "people" {
  source = "./people"
}

module "pipelines" {
  source = "./pipelines"
}

output "shop" {
  description = "The roles of shop."
  value       = module.shop
}

output "people" {
  description = "The roles of people."
  value       = module.people
}

output "pipelines" {
  description = "The roles of pipelines."
  value       = module.pipelines
}
