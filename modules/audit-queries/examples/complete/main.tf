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

module "audit_queries" {
  source = "../../"

  name                = "acme"
  region              = "eu-west-1"
  account_id          = "444455556666"
  archive_bucket      = "acme-audit-archive"
  archive_key_arn     = "arn:aws:kms:eu-west-1:444455556666:key/11111111-2222-3333-4444-555555555555"
  results_bucket_name = "acme-audit-results"
  results_key_arn     = "arn:aws:kms:eu-west-1:444455556666:key/66666666-7777-8888-9999-000000000000"
  organization_id     = "o-a1b2c3d4e5"
  accounts            = ["111122223333", "444455556666"]
  regions             = ["eu-west-1"]
  roles_json          = file("${path.module}/roles.jsonl")
  administrators      = ["arn:aws:iam::*:role/mesh/acme-infra-*", "arn:aws:iam::111122223333:role/break_glass"]
  watched_policies    = ["arn:aws:iam::111122223333:policy/mesh/acme-*"]
  tags                = { owner = "platform" }
}

output "table_ddl" {
  description = "The table of CloudTrail's records as a statement for Athena."
  value       = module.audit_queries.table_ddl
}

output "queries" {
  description = "The named queries: name to SQL."
  value       = module.audit_queries.queries
}

output "reader_policy" {
  description = "The policy of who asks."
  value       = module.audit_queries.reader_policy
}
