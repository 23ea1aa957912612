mock_provider "aws" {}

variables {
  name         = "acme"
  resource_ids = { network = "sn-0123456789abcdef0" }
}

run "malformed" {
  command = plan

  variables {
    name           = "/acme"
    resource_ids   = { network = "vpc-0123456789abcdef0" }
    retention_days = 99
    bucket_arn     = "acme-lattice-logs"
    key_arn        = "alias/logs"
  }

  expect_failures = [var.name, var.resource_ids, var.retention_days, var.bucket_arn, var.key_arn]
}

run "nothing_to_log" {
  command = plan

  variables {
    resource_ids = {}
  }

  expect_failures = [var.resource_ids]
}

run "nowhere_to_log_to" {
  command = plan

  variables {
    log_group = false
  }

  expect_failures = [output.subscription_arns]
}
