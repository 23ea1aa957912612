# Written by meshrole: change the inventory, then generate again.

variable "lattice" {
  description = "The ids of the service networks and services that other modules of this root make, by mesh."
  type        = map(object({ network = string, services = map(string) }))
}
