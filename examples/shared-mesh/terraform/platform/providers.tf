provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["444455556666"]

  default_tags {
    tags = {
      "meshrole:environment" = "platform"
    }
  }
}
