provider "aws" {
  region              = "us-east-2"
  allowed_account_ids = ["666677778888"]

  default_tags {
    tags = {
      "meshrole:environment" = "billing-us"
    }
  }
}
