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
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

module "analyzers" {
  source = "../../"

  name        = "acme"
  scope       = "ORGANIZATION"
  external    = true
  unused      = true
  unused_days = 60
  tags        = { "meshrole:managed" = "true" }
}

output "analyzer_arns" {
  description = "The analyzers."
  value       = module.analyzers.analyzer_arns
}
