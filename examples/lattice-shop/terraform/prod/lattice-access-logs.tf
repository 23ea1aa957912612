# Written by meshrole: change the inventory, then generate again.

module "lattice_access_logs_shop" {
  source = "../modules/lattice-access-logs"
  name   = "acme-shop-prod"
  resource_ids = {
    "network" = "arn:aws:vpc-lattice:us-east-1:111122223333:servicenetwork/sn-0a1b2c3d4e5f67890"
  }
}
