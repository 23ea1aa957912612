mock_provider "aws" {}

variables {
  name                = "acme"
  region              = "eu-west-1"
  account_id          = "444455556666"
  archive_bucket      = "acme-audit-archive"
  results_bucket_name = "acme-audit-results"
  accounts            = ["111122223333"]
  regions             = ["eu-west-1"]
  roles_json          = <<-JSON
    {"arn":"arn:aws:iam::111122223333:role/a","name":"a","mesh":"shop","environment":"prod","identity":"a","kind":"workload","trusted":[],"nodes":[]}
  JSON
}

run "malformed" {
  command = plan

  variables {
    name                   = "Acme_"
    partition              = "aws-moon"
    region                 = "Ireland"
    account_id             = "4444"
    archive_bucket         = "UPPER"
    archive_key_arn        = "alias/archive"
    results_bucket_name    = "two..dots"
    results_key_arn        = "alias/results"
    organization_id        = "acme"
    accounts               = ["1111"]
    regions                = ["Ireland"]
    first_day              = "2026-01-01"
    days                   = 0
    unused_days            = 1.5
    administrators         = ["arn:aws:iam::*:role/x' OR 'a' = 'a"]
    watched_policies       = ["arn:aws:iam::*:policy/\\"]
    results_retention_days = 0
    bytes_scanned_cutoff   = 1
  }

  expect_failures = [
    var.name, var.partition, var.region, var.account_id, var.archive_bucket, var.archive_key_arn, var.results_bucket_name,
    var.results_key_arn, var.organization_id, var.accounts, var.regions, var.first_day, var.days, var.unused_days,
    var.administrators, var.watched_policies, var.results_retention_days, var.bytes_scanned_cutoff,
  ]
}

run "nothing_to_ask_for" {
  command = plan

  variables {
    accounts = []
    regions  = []
  }

  expect_failures = [var.accounts, var.regions]
}

run "results_in_the_archive" {
  command = plan

  variables {
    results_bucket_name = "acme-audit-archive"
  }

  expect_failures = [aws_s3_bucket.results]
}

run "role_that_is_no_json" {
  command = plan

  variables {
    roles_json = "arn:aws:iam::111122223333:role/a"
  }

  expect_failures = [var.roles_json]
}

run "role_of_an_unknown_kind" {
  command = plan

  variables {
    roles_json = <<-JSON
      {"arn":"arn:aws:iam::111122223333:role/a","name":"a","mesh":"shop","environment":"prod","identity":"a","kind":"robot","trusted":[],"nodes":[]}
    JSON
  }

  expect_failures = [var.roles_json]
}

run "role_without_trust" {
  command = plan

  variables {
    roles_json = <<-JSON
      {"arn":"arn:aws:iam::111122223333:role/a","name":"a","mesh":"shop","environment":"prod","identity":"a","kind":"workload","nodes":[]}
    JSON
  }

  expect_failures = [var.roles_json]
}

run "role_twice" {
  command = plan

  variables {
    roles_json = <<-JSON
      {"arn":"arn:aws:iam::111122223333:role/a","name":"a","mesh":"shop","environment":"prod","identity":"a","kind":"workload","trusted":[],"nodes":[]}
      {"arn":"arn:aws:iam::111122223333:role/a","name":"a","mesh":"shop","environment":"test","identity":"a","kind":"workload","trusted":[],"nodes":[]}
    JSON
  }

  expect_failures = [var.roles_json]
}
