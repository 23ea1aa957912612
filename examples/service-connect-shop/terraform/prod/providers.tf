provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["555566667777"]

  default_tags {
    tags = {
      "meshrole:environment" = "prod"
    }
  }
}
