# Written by meshrole: change the inventory, then generate again.

module "dns" {
  source = "./dns"
}

module "cloud" {
  source = "./cloud"
}

output "dns" {
  description = "The roles of dns."
  value       = module.dns
}

output "cloud" {
  description = "The roles of cloud."
  value       = module.cloud
}
