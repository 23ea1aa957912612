provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["666677778888"]

  default_tags {
    tags = {
      "meshrole:environment" = "lab"
    }
  }
}
