# Written by meshrole: change the inventory, then generate again.

module "books" {
  source = "./books"
}

module "people" {
  source = "./people"
}

module "pipelines" {
  source = "./pipelines"
}

output "books" {
  description = "The roles of books."
  value       = module.books
}

output "people" {
  description = "The roles of people."
  value       = module.people
}

output "pipelines" {
  description = "The roles of pipelines."
  value       = module.pipelines
}
