# Who may do what with the bucket and the key, for each kind of deliverer.

mock_provider "aws" {}

variables {
  name        = "acme-audit"
  bucket_name = "acme-audit-444455556666"
  region      = "eu-west-1"
  account_id  = "444455556666"
}

run "nobody_delivers" {
  command = plan

  assert {
    condition     = [for statement in jsondecode(aws_s3_bucket_policy.archive.policy).Statement : statement.Sid] == ["AllowSSLRequestsOnly"]
    error_message = "Without deliverers the bucket policy only refuses plain HTTP."
  }
  assert {
    condition     = [for statement in jsondecode(aws_kms_key.archive.policy).Statement : statement.Sid] == ["Enable IAM User Permissions"]
    error_message = "Without deliverers only the account's administrators use the key."
  }
  assert {
    condition     = output.key_alias_arn == "arn:aws:kms:eu-west-1:444455556666:alias/acme-audit"
    error_message = "The alias's ARN is known before the key exists."
  }
  assert {
    condition     = output.bucket_name == "acme-audit-444455556666" && output.policy_ready
    error_message = "A caller can decide by the bucket's name while it plans."
  }
}

run "two_accounts" {
  command = plan

  variables {
    trail_arns = [
      "arn:aws:cloudtrail:eu-west-1:111122223333:trail/shop",
      "arn:aws:cloudtrail:us-east-1:555566667777:trail/pay",
    ]
  }

  assert {
    condition = [for statement in jsondecode(aws_s3_bucket_policy.archive.policy).Statement : statement.Resource if statement.Sid == "AWSCloudTrailWrite20150319"] == [[
      "arn:aws:s3:::acme-audit-444455556666/AWSLogs/111122223333/*",
      "arn:aws:s3:::acme-audit-444455556666/AWSLogs/555566667777/*",
    ]]
    error_message = "Each account writes into its own folder."
  }
  assert {
    condition = alltrue([
      for statement in jsondecode(aws_s3_bucket_policy.archive.policy).Statement : tolist(statement.Condition.StringEquals["aws:SourceArn"]) == var.trail_arns
      if startswith(statement.Sid, "AWSCloudTrail")
    ])
    error_message = "CloudTrail acts for the two trails only."
  }
  assert {
    condition     = length([for statement in jsondecode(aws_s3_bucket_policy.archive.policy).Statement : statement if statement.Sid == "AWSCloudTrailOrganizationWrite20150319"]) == 0
    error_message = "Without an organization trail there is no third statement."
  }
}

run "organization" {
  command = plan

  variables {
    organization_trail_arn = "arn:aws:cloudtrail:eu-west-1:999900001111:trail/all"
    organization_id        = "o-a1b2c3d4e5"
  }

  assert {
    condition = [for statement in jsondecode(aws_s3_bucket_policy.archive.policy).Statement : statement.Resource if try(statement.Action, "") == "s3:PutObject"] == [
      ["arn:aws:s3:::acme-audit-444455556666/AWSLogs/999900001111/*"],
      "arn:aws:s3:::acme-audit-444455556666/AWSLogs/o-a1b2c3d4e5/*",
    ]
    error_message = "An organization trail writes into the management account's folder and into the organization's."
  }
}

run "config" {
  command = plan

  variables {
    config_accounts  = ["111122223333", "555566667777"]
    config_role_arns = ["arn:aws:iam::555566667777:role/config"]
  }

  assert {
    condition = {
      for statement in jsondecode(aws_s3_bucket_policy.archive.policy).Statement : statement.Resource => statement.Condition.StringEquals["AWS:SourceAccount"]
      if startswith(statement.Sid, "AWSConfigBucketDelivery")
      } == {
      "arn:aws:s3:::acme-audit-444455556666/AWSLogs/111122223333/Config/*" = "111122223333"
      "arn:aws:s3:::acme-audit-444455556666/AWSLogs/555566667777/Config/*" = "555566667777"
    }
    error_message = "Config writes into an account's folder for that account only."
  }
  assert {
    condition     = [for statement in jsondecode(aws_kms_key.archive.policy).Statement : tolist(statement.Condition.StringEquals["AWS:SourceAccount"]) if statement.Sid == "AWSConfigKMSPolicy"] == [var.config_accounts]
    error_message = "Config encrypts for these accounts only."
  }
  assert {
    condition = [
      for statement in jsondecode(aws_s3_bucket_policy.archive.policy).Statement : [statement.Principal.AWS, statement.Condition.ArnEquals["aws:PrincipalArn"]]
      if statement.Sid == "AWSConfigBucketExistenceCheckByRole"
    ] == [[["arn:aws:iam::555566667777:root"], ["arn:aws:iam::555566667777:role/config"]]]
    error_message = "A recorder's role in another account may look whether the bucket exists."
  }
}

run "china" {
  command = plan

  variables {
    partition        = "aws-cn"
    region           = "cn-north-1"
    trail_arns       = ["arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/shop"]
    reader_role_arns = ["arn:aws-cn:iam::444455556666:role/auditor"]
  }

  assert {
    condition     = !strcontains(aws_s3_bucket_policy.archive.policy, "arn:aws:") && !strcontains(aws_kms_key.archive.policy, "arn:aws:")
    error_message = "Every ARN is in the partition."
  }
}
