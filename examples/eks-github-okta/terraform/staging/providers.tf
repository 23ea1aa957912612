provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["222233334444"]

  default_tags {
    tags = {
      "cost-center"          = "platform"
      "meshrole:environment" = "staging"
    }
  }
}
