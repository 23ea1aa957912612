mock_provider "aws" {}

variables {
  name                = "acme"
  region              = "eu-west-1"
  account_id          = "444455556666"
  archive_bucket      = "acme-audit-archive"
  results_bucket_name = "acme-audit-results"
  accounts            = ["444455556666", "111122223333"]
  regions             = ["eu-west-1"]
  roles_json          = <<-JSON
    {"arn":"arn:aws:iam::111122223333:role/mesh/a","name":"a","mesh":"shop","environment":"prod","identity":"a","kind":"workload","trusted":["ecs-tasks.amazonaws.com"],"nodes":[]}
  JSON
}

run "trails_of_accounts" {
  command = plan

  assert {
    condition     = aws_glue_catalog_table.cloudtrail.parameters["storage.location.template"] == "s3://acme-audit-archive/AWSLogs/$${account}/CloudTrail/$${region}/$${day}/"
    error_message = "Account trails deliver to AWSLogs/ACCOUNT/CloudTrail/REGION/DAY."
  }

  assert {
    condition     = aws_glue_catalog_table.cloudtrail.storage_descriptor[0].location == "s3://acme-audit-archive/AWSLogs/"
    error_message = "The table begins where the trails' objects do."
  }

  assert {
    condition = { for key, value in aws_glue_catalog_table.cloudtrail.parameters : key => value if key != "storage.location.template" } == {
      "EXTERNAL"                     = "TRUE"
      "projection.enabled"           = "true"
      "projection.account.type"      = "enum"
      "projection.account.values"    = "111122223333,444455556666"
      "projection.region.type"       = "enum"
      "projection.region.values"     = "eu-west-1,us-east-1"
      "projection.day.type"          = "date"
      "projection.day.format"        = "yyyy/MM/dd"
      "projection.day.range"         = "2026/01/01,NOW"
      "projection.day.interval"      = "1"
      "projection.day.interval.unit" = "DAYS"
    }
    error_message = "Accounts and regions are enumerated, IAM's region is among them, and days run from the first one to today."
  }

  assert {
    condition     = [for key in aws_glue_catalog_table.cloudtrail.partition_keys : key.name] == ["account", "region", "day"]
    error_message = "Every placeholder of the location is a partition column."
  }

  assert {
    condition     = strcontains(output.table_ddl, "LOCATION 's3://acme-audit-archive/AWSLogs/'")
    error_message = "The statement makes the same table."
  }

  assert {
    condition     = strcontains(output.queries["changes"], "AND NOT (false)")
    error_message = "Without administrators every change is listed."
  }

  assert {
    condition     = strcontains(output.queries["changes"], "interval '7' day") && strcontains(output.queries["unused"], "interval '90' day")
    error_message = "Questions look back a week, the one for unused roles 90 days."
  }
}

run "trail_of_an_organization" {
  command = plan

  variables {
    organization_id = "o-a1b2c3d4e5"
  }

  assert {
    condition     = aws_glue_catalog_table.cloudtrail.parameters["storage.location.template"] == "s3://acme-audit-archive/AWSLogs/o-a1b2c3d4e5/$${account}/CloudTrail/$${region}/$${day}/"
    error_message = "An organization's trail delivers below its id."
  }

  assert {
    condition     = aws_glue_catalog_table.cloudtrail.storage_descriptor[0].location == "s3://acme-audit-archive/AWSLogs/o-a1b2c3d4e5/"
    error_message = "The table begins where the trail's objects do."
  }
}

run "workgroup" {
  command = plan

  variables {
    bytes_scanned_cutoff = 10485760
  }

  assert {
    condition = (
      aws_athena_workgroup.audit.configuration[0].enforce_workgroup_configuration
      && aws_athena_workgroup.audit.configuration[0].bytes_scanned_cutoff_per_query == 10485760
      && aws_athena_workgroup.audit.configuration[0].result_configuration[0].output_location == "s3://acme-audit-results/results/"
      && aws_athena_workgroup.audit.configuration[0].result_configuration[0].expected_bucket_owner == "444455556666"
    )
    error_message = "The workgroup decides where results go and how much is read."
  }

  assert {
    condition     = aws_athena_workgroup.audit.configuration[0].result_configuration[0].encryption_configuration[0].encryption_option == "SSE_S3"
    error_message = "Results are encrypted without a key too."
  }

  assert {
    condition     = toset(keys(aws_athena_named_query.question)) == toset(["activity", "assumptions", "changes", "denied", "streams", "tampering", "unused"])
    error_message = "Each file of queries/ is a named query."
  }

  assert {
    condition     = startswith(aws_athena_named_query.question["denied"].description, "Who was denied, and why. Denied calls")
    error_message = "The comment at the head is the description, without its dashes."
  }

  assert {
    condition     = alltrue([for query in aws_athena_named_query.question : length(query.description) < 1024 && !strcontains(query.description, "-- ")])
    error_message = "A description is one text of at most 1024 characters."
  }
}

run "results_bucket" {
  command = plan

  variables {
    results_retention_days = 5
  }

  assert {
    condition = jsondecode(aws_s3_bucket_policy.results.policy).Statement == [{
      Sid       = "DenyInsecureTransport"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::acme-audit-results", "arn:aws:s3:::acme-audit-results/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "Nobody reads results without TLS."
  }

  assert {
    condition = (
      aws_s3_bucket_public_access_block.results.block_public_acls && aws_s3_bucket_public_access_block.results.block_public_policy
      && aws_s3_bucket_public_access_block.results.ignore_public_acls && aws_s3_bucket_public_access_block.results.restrict_public_buckets
    )
    error_message = "Nothing in the bucket can be made public."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.results.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "Objects are encrypted without a key too."
  }

  assert {
    condition = (
      aws_s3_bucket_lifecycle_configuration.results.rule[0].filter[0].prefix == "results/"
      && aws_s3_bucket_lifecycle_configuration.results.rule[0].expiration[0].days == 5
    )
    error_message = "Results expire, and the table of roles does not."
  }

  assert {
    condition     = aws_s3_object.roles.key == "roles/roles.jsonl" && aws_glue_catalog_table.roles.storage_descriptor[0].location == "s3://acme-audit-results/roles/"
    error_message = "The table of roles reads the object of roles."
  }

  assert {
    condition     = jsondecode(trimspace(aws_s3_object.roles.content)).trusted == ["ecs-tasks.amazonaws.com"]
    error_message = "The object has the roles that were given."
  }
}

run "no_roles" {
  command = plan

  variables {
    roles_json = ""
  }

  # An empty line would be a line that is no JSON.
  assert {
    condition     = aws_s3_object.roles.content == ""
    error_message = "An account without roles has an empty table."
  }
}

run "keys" {
  command = plan

  variables {
    archive_key_arn = "arn:aws:kms:eu-west-1:444455556666:key/archive"
    results_key_arn = "arn:aws:kms:eu-west-1:444455556666:key/results"
  }

  assert {
    condition = (
      aws_athena_workgroup.audit.configuration[0].result_configuration[0].encryption_configuration[0].encryption_option == "SSE_KMS"
      && aws_athena_workgroup.audit.configuration[0].result_configuration[0].encryption_configuration[0].kms_key_arn == var.results_key_arn
      && one(one(aws_s3_bucket_server_side_encryption_configuration.results.rule).apply_server_side_encryption_by_default).kms_master_key_id == var.results_key_arn
    )
    error_message = "Results are encrypted with their key."
  }

  assert {
    condition = { for statement in jsondecode(output.reader_policy).Statement : statement.Sid => statement.Resource if startswith(statement.Action[0], "kms:") } == {
      UseArchiveKey = [var.archive_key_arn]
      UseResultsKey = [var.results_key_arn]
    }
    error_message = "Who asks may use both keys."
  }
}

run "readers" {
  command = plan

  assert {
    condition     = [for statement in jsondecode(output.reader_policy).Statement : statement.Sid] == ["RunQueries", "ReadTables", "FindObjects", "ReadObjects", "WriteResults"]
    error_message = "Without keys of yours there is no statement about one."
  }

  assert {
    condition     = jsondecode(output.reader_policy).Statement[0].Resource == ["arn:aws:athena:eu-west-1:444455556666:workgroup/acme-audit"]
    error_message = "Queries run in this workgroup alone."
  }

  assert {
    condition     = !anytrue([for statement in jsondecode(output.reader_policy).Statement : contains(statement.Resource, "*")])
    error_message = "Every permission names its resource."
  }
}

run "patterns_are_escaped" {
  command = plan

  variables {
    administrators   = ["arn:aws:iam::*:role/infra_*", "arn:aws:iam::444455556666:user/root%"]
    watched_policies = ["arn:aws:iam::*:policy/mesh/*", "arn:aws:iam::*:policy/mesh/*"]
  }

  assert {
    condition     = strcontains(output.queries["changes"], "NOT (principal LIKE 'arn:aws:iam::%:role/infra\\_%' ESCAPE '\\' OR principal LIKE 'arn:aws:iam::444455556666:user/root\\%' ESCAPE '\\')")
    error_message = "A * is any text; what LIKE would read as a sign stands for itself."
  }

  assert {
    condition     = strcontains(output.queries["changes"], "policy LIKE 'arn:aws:iam::%:policy/mesh/%' ESCAPE '\\'")
    error_message = "Watched policies count as changes."
  }
}

run "other_partition" {
  command = plan

  variables {
    partition = "aws-cn"
    region    = "cn-northwest-1"
    regions   = ["cn-northwest-1"]
  }

  assert {
    condition     = aws_glue_catalog_table.cloudtrail.parameters["projection.region.values"] == "cn-north-1,cn-northwest-1"
    error_message = "IAM of this partition records elsewhere."
  }

  assert {
    condition     = alltrue([for resource in flatten([for statement in jsondecode(output.reader_policy).Statement : statement.Resource]) : startswith(resource, "arn:aws-cn:")])
    error_message = "Every ARN is of the partition."
  }
}

run "complete_example" {
  command = plan

  module {
    source = "./examples/complete"
  }

  assert {
    condition     = length(output.queries) == 7 && strcontains(output.table_ddl, "AWSLogs/o-a1b2c3d4e5/")
    error_message = "The example asks all questions of an organization's trail."
  }
}
