# One account's trail with everything switched on, and an archive of its own.

terraform {
  required_version = ">= 1.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "example"
  secret_key                  = "example"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

module "trail" {
  source = "../../"

  name        = "acme-shop"
  region      = "eu-west-1"
  account_id  = "111122223333"
  bucket_name = "acme-shop-audit-111122223333"

  cloudwatch_logs_retention_days = 90
  sns                            = true
  insights                       = ["ApiCallRateInsight", "ApiErrorRateInsight"]

  data_event_selectors = {
    "Orders, written" = {
      resource_type         = "AWS::DynamoDB::Table"
      resource_arn_prefixes = ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]
      read_only             = "false"
    }
    "Cloud Map" = {
      resource_type = "AWS::ServiceDiscovery::Service"
    }
  }
  network_activity_sources = ["appmesh.amazonaws.com", "servicediscovery.amazonaws.com"]

  retention_days = 2557
  tags           = { "cost-center" = "platform" }
}

output "trail_arn" {
  value       = module.trail.trail_arn
  description = "The trail, for the policies of whatever it delivers to."
}
