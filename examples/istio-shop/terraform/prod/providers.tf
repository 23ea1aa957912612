provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["777788889999"]

  default_tags {
    tags = {
      "meshrole:environment" = "prod"
    }
  }
}
