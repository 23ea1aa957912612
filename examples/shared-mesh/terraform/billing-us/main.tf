# Written by meshrole: change the inventory, then generate again.

module "ledger" {
  source = "./ledger"
}

module "people" {
  source = "./people"
}

output "ledger" {
  description = "The roles of ledger."
  value       = module.ledger
}

output "people" {
  description = "The roles of people."
  value       = module.people
}
