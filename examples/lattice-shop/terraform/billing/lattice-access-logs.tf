# Written by meshrole: change the inventory, then generate again.

module "lattice_access_logs_shop" {
  source = "../modules/lattice-access-logs"
  name   = "acme-shop-billing"
  resource_ids = {
    "payments" = "arn:aws:vpc-lattice:us-east-1:555566667777:service/svc-0b1b2c3d4e5f60009"
    "ledger"   = "arn:aws:vpc-lattice:us-east-1:555566667777:service/svc-0b1b2c3d4e5f60010"
    "reports"  = "arn:aws:vpc-lattice:us-east-1:555566667777:service/svc-0b1b2c3d4e5f60011"
  }
}
