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
}

locals {
  boundary   = "arn:aws:iam::123456789012:policy/shop/elsewhere"
  github     = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  eks        = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
  table      = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
  key        = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  containers = jsonencode([{ name = "app", image = "example/app:1", memory = 128 }])
  source     = { StringEquals = { "aws:SourceAccount" = "123456789012" } }
  trust_task = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" }, Condition = local.source }
  ] })
}
