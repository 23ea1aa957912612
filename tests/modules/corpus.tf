# Planned beside the complete example of audit-queries: the same questions, with the roles that the public log files are asked with.
module "corpus" {
  source = "../../"

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
  roles_json          = file("corpus.jsonl")
}

output "corpus_queries" {
  value = module.corpus.queries
}
