provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["333344445555"]

  default_tags {
    tags = {
      "cost-center"          = "platform"
      "meshrole:environment" = "prod"
    }
  }
}
