# Planned by test_queries.py: the complete example, and a call with the roles that the public log files are asked with.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "offline"
  secret_key                  = "offline"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

module "complete" {
  source = "../modules/audit-queries/examples/complete"
}

module "corpus" {
  source              = "../modules/audit-queries"
  name                = "corpus"
  region              = "us-east-1"
  account_id          = "123837392027"
  archive_bucket      = "corpus-archive"
  results_bucket_name = "corpus-results"
  accounts            = ["123837392027"]
  regions             = ["us-east-1"]
  first_day           = "2023/01/01"
  days                = 700
  unused_days         = 700
  administrators      = ["arn:aws:iam::751203476945:user/*"]
  roles_json          = file("roles.jsonl")
}

output "complete" {
  value = module.complete
}

output "corpus" {
  value = module.corpus.queries
}
