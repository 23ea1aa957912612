provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["999988887777"]

  default_tags {
    tags = {
      "cost-center"          = "platform"
      "meshrole:environment" = "organization"
    }
  }
}
