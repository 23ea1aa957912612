provider "aws" {
  region              = "us-east-1"
  allowed_account_ids = ["555566667777"]

  default_tags {
    tags = {
      "cost-center"          = "platform"
      "meshrole:environment" = "billing"
    }
  }
}
