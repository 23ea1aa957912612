# What is always on, each option on and off, and what is refused.

mock_provider "aws" {
  mock_resource "aws_kms_key" {
    defaults = {
      arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    }
  }
}

variables {
  name            = "acme-shop"
  region          = "eu-west-1"
  account_id      = "111122223333"
  archive_bucket  = "acme-audit-444455556666"
  archive_key_arn = "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

run "always_on" {
  command = plan

  assert {
    condition = alltrue([
      aws_cloudtrail.trail.is_multi_region_trail,
      aws_cloudtrail.trail.include_global_service_events,
      aws_cloudtrail.trail.enable_log_file_validation,
      aws_cloudtrail.trail.enable_logging,
      !aws_cloudtrail.trail.is_organization_trail,
    ])
    error_message = "A trail records every region and the global services, and signs its log files."
  }
  assert {
    condition     = aws_cloudtrail.trail.s3_bucket_name == var.archive_bucket && aws_cloudtrail.trail.kms_key_id == var.archive_key_arn
    error_message = "The trail delivers to the given archive, with its key."
  }
  assert {
    condition = jsonencode([for selector in aws_cloudtrail.trail.advanced_event_selector : [for field in selector.field_selector : [field.field, field.equals]]]) == jsonencode([
      [["eventCategory", ["Management"]]],
    ])
    error_message = "Management events are selected, read and write."
  }
  assert {
    condition = (
      length(module.archive) == 0
      && length(aws_cloudwatch_log_group.events) == 0
      && length(aws_iam_role.logs) == 0
      && length(aws_sns_topic.delivery) == 0
      && length(aws_cloudtrail.trail.insight_selector) == 0
    )
    error_message = "Nothing else is made unless it is asked for."
  }
  assert {
    condition     = output.trail_arn == "arn:aws:cloudtrail:eu-west-1:111122223333:trail/acme-shop" && output.home_region == "eu-west-1"
    error_message = "The trail's ARN is known beforehand."
  }
}

run "key_alias" {
  command = plan

  variables {
    archive_key_arn = "arn:aws:kms:eu-west-1:444455556666:alias/acme-audit"
  }

  assert {
    condition     = aws_cloudtrail.trail.kms_key_id == "arn:aws:kms:eu-west-1:444455556666:alias/acme-audit"
    error_message = "An alias's ARN does instead of the key's."
  }
}

run "no_key" {
  command = plan

  variables {
    archive_key_arn = ""
  }

  assert {
    condition     = aws_cloudtrail.trail.kms_key_id == null && output.key_arn == ""
    error_message = "Without a key S3 encrypts by itself."
  }
}

run "logs_topic_insights" {
  command = plan

  variables {
    cloudwatch_logs_retention_days = 90
    sns                            = true
    insights                       = ["ApiErrorRateInsight"]
  }

  assert {
    condition     = aws_cloudtrail.trail.cloud_watch_logs_group_arn == "arn:aws:logs:eu-west-1:111122223333:log-group:/cloudtrail/acme-shop:*"
    error_message = "CloudTrail wants the form of the group's ARN that ends in :*."
  }
  assert {
    condition     = aws_cloudwatch_log_group.events[0].retention_in_days == 90 && output.log_group_name == "/cloudtrail/acme-shop"
    error_message = "Events stay in the log group as long as was asked."
  }
  assert {
    condition     = aws_cloudtrail.trail.sns_topic_name == "acme-shop-delivery" && aws_sns_topic.delivery[0].name == "acme-shop-delivery"
    error_message = "The topic is told of log files."
  }
  assert {
    condition     = [for selector in aws_cloudtrail.trail.insight_selector : selector.insight_type] == ["ApiErrorRateInsight"]
    error_message = "The insight is on."
  }
}

run "selectors" {
  command = plan

  variables {
    data_event_selectors = {
      orders = {
        resource_type         = "AWS::DynamoDB::Table"
        resource_arn_prefixes = ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]
        read_only             = "false"
      }
      services = { resource_type = "AWS::ServiceDiscovery::Service" }
    }
    network_activity_sources = ["appmesh.amazonaws.com", "ecs.amazonaws.com", "appmesh.amazonaws.com"]
  }

  assert {
    condition = jsonencode([
      for selector in aws_cloudtrail.trail.advanced_event_selector :
      { for field in selector.field_selector : field.field => field.equals == null ? field.starts_with : field.equals }
      ]) == jsonencode([
      { eventCategory = ["Management"] },
      {
        eventCategory    = ["Data"]
        "resources.type" = ["AWS::DynamoDB::Table"]
        "resources.ARN"  = ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]
        readOnly         = ["false"]
      },
      { eventCategory = ["Data"], "resources.type" = ["AWS::ServiceDiscovery::Service"] },
      { eventCategory = ["NetworkActivity"], eventSource = ["appmesh.amazonaws.com"] },
      { eventCategory = ["NetworkActivity"], eventSource = ["ecs.amazonaws.com"] },
    ])
    error_message = "Management events first, then one selector for each kind of data and each event source."
  }
}

run "archive_of_its_own" {
  command = plan

  variables {
    archive_bucket  = ""
    archive_key_arn = ""
    bucket_name     = "acme-shop-audit-111122223333"
  }

  assert {
    condition     = length(module.archive) == 1 && aws_cloudtrail.trail.s3_bucket_name == "acme-shop-audit-111122223333"
    error_message = "Without an archive the module makes one."
  }
}

run "organization" {
  command = plan

  variables {
    account_id                     = "444455556666"
    organization_id                = "o-a1b2c3d4e5"
    management_account_id          = "999900001111"
    cloudwatch_logs_retention_days = 400
    sns                            = true
  }

  assert {
    condition     = aws_cloudtrail.trail.is_organization_trail && output.trail_arn == "arn:aws:cloudtrail:eu-west-1:999900001111:trail/acme-shop"
    error_message = "The management account owns an organization trail."
  }
  assert {
    condition     = jsondecode(aws_sns_topic_policy.delivery[0].policy).Statement[0].Condition.StringEquals["aws:SourceArn"] == "arn:aws:cloudtrail:eu-west-1:999900001111:trail/acme-shop"
    error_message = "The topic takes messages of the trail that the management account owns."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.logs[0].policy).Statement[1].Resource == [
      "arn:aws:logs:eu-west-1:444455556666:log-group:/cloudtrail/acme-shop:log-stream:444455556666_CloudTrail_eu-west-1*",
      "arn:aws:logs:eu-west-1:444455556666:log-group:/cloudtrail/acme-shop:log-stream:o-a1b2c3d4e5_*",
    ]
    error_message = "The streams of an organization trail begin with the organization's id."
  }
}

run "organization_without_owner" {
  command = plan

  variables {
    organization_id = "o-a1b2c3d4e5"
  }

  expect_failures = [aws_cloudtrail.trail]
}

run "two_buckets" {
  command = plan

  variables {
    bucket_name = "acme-shop-audit-111122223333"
  }

  expect_failures = [aws_cloudtrail.trail]
}

run "too_many_values" {
  command = plan

  variables {
    data_event_selectors = {
      objects = {
        resource_type         = "AWS::S3::Object"
        resource_arn_prefixes = [for number in range(498) : "arn:aws:s3:::acme-${number}/"]
      }
    }
  }

  expect_failures = [aws_cloudtrail.trail]
}

run "role_name_too_long" {
  command = plan

  variables {
    name                           = "acme-shop-trail-with-a-name-of-forty-nine-letters"
    cloudwatch_logs_retention_days = 90
  }

  expect_failures = [aws_iam_role.logs]
}

run "wrong_values" {
  command = plan

  variables {
    name                           = "acme--shop"
    partition                      = "aws-moon"
    region                         = "Ireland"
    account_id                     = "12345"
    archive_key_arn                = "alias/audit"
    organization_id                = "acme"
    management_account_id          = "acme"
    cloudwatch_logs_retention_days = 2
    insights                       = ["Everything"]
    data_event_selectors           = { objects = { resource_type = "S3", resource_arn_prefixes = ["acme"], read_only = "yes" } }
    network_activity_sources       = ["vpc-lattice.amazonaws.com"]
  }

  expect_failures = [
    var.name, var.partition, var.region, var.account_id, var.archive_key_arn, var.organization_id, var.management_account_id,
    var.cloudwatch_logs_retention_days, var.insights, var.data_event_selectors, var.network_activity_sources,
  ]
}

run "complete_example" {
  command = plan

  module {
    source = "./examples/complete"
  }

  assert {
    condition     = output.trail_arn == "arn:aws:cloudtrail:eu-west-1:111122223333:trail/acme-shop"
    error_message = "The example is plannable."
  }
}
