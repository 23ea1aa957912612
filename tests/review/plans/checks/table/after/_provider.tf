# One map for each check: a key that begins with bad_ must be found, with fine_ must not, with unknown_ is not known yet.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}

provider "aws" {
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  s3_use_path_style           = true
}

locals {
  account = "123456789012"
  allow   = { Version = "2012-10-17" }
  trust_ec2 = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }
  ] })
}

# Its ARN is known after the apply only, and so is whatever is made of it.
resource "aws_sqs_queue" "new" {
  name = "new"
}

locals {
  not_yet = {
    switch = length(aws_sqs_queue.new.arn) > 0
    number = length(aws_sqs_queue.new.arn)
    text   = sha1(aws_sqs_queue.new.arn)
  }
}

resource "aws_iam_openid_connect_provider" "new" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}
