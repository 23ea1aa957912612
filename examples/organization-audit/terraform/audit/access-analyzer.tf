# Written by meshrole: change the inventory, then generate again.

module "access_analyzer" {
  source      = "../modules/access-analyzer"
  name        = "initech-audit"
  scope       = "ORGANIZATION"
  unused      = true
  unused_days = 90
}
