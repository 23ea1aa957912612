# Written by meshrole: change the inventory, then generate again.

# IAM's events reach EventBridge in this region only.
provider "aws" {
  alias               = "global"
  region              = "us-east-1"
  allowed_account_ids = ["111122223333"]

  default_tags {
    tags = {
      "cost-center"          = "platform"
      "meshrole:environment" = "prod"
    }
  }
}
