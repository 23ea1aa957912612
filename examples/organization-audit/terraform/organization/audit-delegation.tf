# Written by meshrole: change the inventory, then generate again.

module "audit_delegation" {
  source           = "../modules/audit-delegation"
  audit_account_id = "444455556666"
}
