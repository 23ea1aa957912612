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
  access_key                  = "offline"
  secret_key                  = "offline"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

module "lattice_access_logs" {
  source = "../../"

  name = "acme-shop-prod"
  resource_ids = {
    network  = "sn-0123456789abcdef0"
    checkout = "arn:aws:vpc-lattice:eu-west-1:111122223333:service/svc-0123456789abcdef0"
  }
  retention_days = 90
  bucket_arn     = "arn:aws:s3:::acme-lattice-logs"
  key_arn        = "arn:aws:kms:eu-west-1:444455556666:key/11111111-2222-3333-4444-555555555555"
  tags           = { owner = "platform" }
}

output "log_group_name" {
  description = "The log group of the access logs."
  value       = module.lattice_access_logs.log_group_name
}
