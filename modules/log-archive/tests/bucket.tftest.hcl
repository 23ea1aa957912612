# How the bucket keeps what it gets, and what is refused.

mock_provider "aws" {}

variables {
  name        = "acme-audit"
  bucket_name = "acme-audit-444455556666"
  region      = "eu-west-1"
  account_id  = "444455556666"
}

run "kept_by_default" {
  command = plan

  assert {
    condition     = aws_s3_bucket_versioning.archive.versioning_configuration[0].status == "Enabled"
    error_message = "What is deleted or overwritten stays as a version."
  }
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.archive.block_public_acls,
      aws_s3_bucket_public_access_block.archive.block_public_policy,
      aws_s3_bucket_public_access_block.archive.ignore_public_acls,
      aws_s3_bucket_public_access_block.archive.restrict_public_buckets,
    ])
    error_message = "Nothing here is public."
  }
  assert {
    condition     = one(aws_s3_bucket_ownership_controls.archive.rule).object_ownership == "BucketOwnerEnforced"
    error_message = "The bucket's owner owns every log file."
  }
  assert {
    condition = (
      one(aws_s3_bucket_server_side_encryption_configuration.archive.rule).bucket_key_enabled
      && one(one(aws_s3_bucket_server_side_encryption_configuration.archive.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms"
      && aws_kms_key.archive.enable_key_rotation
    )
    error_message = "Log files are encrypted with a key that rotates."
  }
  assert {
    condition = (
      aws_s3_bucket_lifecycle_configuration.archive.rule[0].expiration[0].days == 400
      && aws_s3_bucket_lifecycle_configuration.archive.rule[0].noncurrent_version_expiration[0].noncurrent_days == 400
      && aws_s3_bucket_lifecycle_configuration.archive.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 7
      && length(aws_s3_bucket_lifecycle_configuration.archive.rule[0].transition) == 0
    )
    error_message = "Log files stay 400 days, also after they were deleted, in the storage class they came in."
  }
  assert {
    condition     = !aws_s3_bucket.archive.object_lock_enabled && length(aws_s3_bucket_object_lock_configuration.archive) == 0
    error_message = "There is no lock unless one is asked for."
  }
}

run "locked_and_cold" {
  command = plan

  variables {
    retention_days     = 2557
    glacier_after_days = 90
    object_lock_mode   = "COMPLIANCE"
    object_lock_days   = 2557
  }

  assert {
    condition = (
      aws_s3_bucket.archive.object_lock_enabled
      && aws_s3_bucket_object_lock_configuration.archive[0].rule[0].default_retention[0].mode == "COMPLIANCE"
      && aws_s3_bucket_object_lock_configuration.archive[0].rule[0].default_retention[0].days == 2557
    )
    error_message = "A log file is locked as long as it is kept."
  }
  assert {
    condition     = [for transition in aws_s3_bucket_lifecycle_configuration.archive.rule[0].transition : [transition.days, transition.storage_class]] == [[90, "GLACIER_IR"]]
    error_message = "After 90 days log files are in S3 Glacier Instant Retrieval."
  }
}

run "lock_outlives_retention" {
  command = plan

  variables {
    retention_days   = 364
    object_lock_mode = "GOVERNANCE"
    object_lock_days = 365
  }

  expect_failures = [aws_s3_bucket.archive]
}

run "lock_without_days" {
  command = plan

  variables {
    object_lock_mode = "GOVERNANCE"
  }

  expect_failures = [aws_s3_bucket.archive]
}

run "lock_with_config" {
  command = plan

  variables {
    object_lock_mode = "GOVERNANCE"
    object_lock_days = 30
    config_accounts  = ["111122223333"]
  }

  expect_failures = [aws_s3_bucket.archive]
}

run "glacier_after_the_end" {
  command = plan

  variables {
    glacier_after_days = 400
  }

  expect_failures = [aws_s3_bucket.archive]
}

run "organization_without_its_id" {
  command = plan

  variables {
    organization_trail_arn = "arn:aws:cloudtrail:eu-west-1:999900001111:trail/all"
  }

  expect_failures = [aws_s3_bucket_policy.archive]
}

run "policy_too_large" {
  command = plan

  variables {
    config_accounts = [for number in range(60) : format("1000000000%02d", number)]
  }

  expect_failures = [aws_s3_bucket_policy.archive]
}

run "wrong_values" {
  command = plan

  variables {
    name                     = "aws/audit"
    bucket_name              = "acme..audit"
    partition                = "aws-moon"
    region                   = "Ireland"
    account_id               = "12345"
    trail_arns               = ["shop"]
    organization_trail_arn   = "all"
    organization_id          = "acme"
    config_accounts          = ["audit"]
    config_role_arns         = ["arn:aws:iam::111122223333:user/config"]
    retention_days           = 0
    glacier_after_days       = -1
    object_lock_mode         = "FOREVER"
    object_lock_days         = -1
    reader_role_arns         = ["*"]
    key_deletion_window_days = 6
  }

  expect_failures = [
    var.name, var.bucket_name, var.partition, var.region, var.account_id, var.trail_arns, var.organization_trail_arn, var.organization_id,
    var.config_accounts, var.config_role_arns, var.retention_days, var.glacier_after_days, var.object_lock_mode, var.object_lock_days,
    var.reader_role_arns, var.key_deletion_window_days,
  ]
}

run "complete_example" {
  command = plan

  module {
    source = "./examples/complete"
  }

  assert {
    condition     = output.bucket_name == "acme-audit-444455556666"
    error_message = "The example is plannable."
  }
}
