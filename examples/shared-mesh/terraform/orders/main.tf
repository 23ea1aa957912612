# Written by meshrole: change the inventory, then generate again.

module "core" {
  source = "./core"
}

module "people" {
  source = "./people"
}

output "core" {
  description = "The roles of core."
  value       = module.core
}

output "people" {
  description = "The roles of people."
  value       = module.people
}
