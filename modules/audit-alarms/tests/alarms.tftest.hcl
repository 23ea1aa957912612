mock_provider "aws" {}

variables {
  name               = "acme-audit"
  region             = "us-east-1"
  account_id         = "111122223333"
  role_name_prefixes = ["acme-shop-"]
}

run "nothing_asked_for_makes_nothing" {
  command = plan

  assert {
    condition     = length(aws_cloudwatch_event_rule.this) + length(aws_cloudwatch_event_target.topic) + length(aws_sns_topic.this) == 0
    error_message = "A module that watches nothing makes a rule, a target or a topic."
  }
  assert {
    condition     = output.event_patterns == {} && output.rule_names == []
    error_message = "A module that watches nothing names a rule."
  }
}

run "everything" {
  command = plan

  module {
    source = "./examples/complete"
  }

  assert {
    condition = keys(output.event_patterns) == [
      "acme-audit-bucket",
      "acme-audit-denials",
      "acme-audit-envoy-denials",
      "acme-audit-instance-profiles",
      "acme-audit-key",
      "acme-audit-policies",
      "acme-audit-recorder",
      "acme-audit-roles",
      "acme-audit-trails",
    ]
    error_message = "The complete example does not make one rule for each thing that can be watched."
  }
}

run "own_topic" {
  command = plan

  variables {
    watch_recorder = true
    watch_denials  = true
    emails         = ["security@example.com"]
    key_arn        = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    tags           = { team = "security" }
  }

  assert {
    condition     = aws_sns_topic.this[0].name == "acme-audit" && aws_sns_topic.this[0].kms_master_key_id == var.key_arn
    error_message = "The topic has another name or key."
  }
  assert {
    condition = jsondecode(aws_sns_topic_policy.this[0].policy).Statement == [{
      Sid       = "EventBridgePublishes"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:us-east-1:111122223333:acme-audit"
    }]
    error_message = "The topic's policy lets others than EventBridge publish, or EventBridge under a condition that it does not meet."
  }
  assert {
    condition     = aws_sns_topic_subscription.email["security@example.com"].protocol == "email"
    error_message = "The address is not subscribed."
  }
  assert {
    condition = { for key, rule in aws_cloudwatch_event_rule.this : key => rule.state } == {
      denials  = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
      recorder = "ENABLED"
    }
    error_message = "There are other rules than those that were asked for, or the one for denials does not see read-only calls."
  }
  assert {
    condition     = alltrue([for rule in aws_cloudwatch_event_rule.this : rule.tags == tomap({ team = "security" })])
    error_message = "A rule has no tags."
  }
}

run "given_topic" {
  command = plan

  variables {
    watch_roles = true
    topic_arn   = "arn:aws:sns:us-east-1:999988887777:security"
  }

  assert {
    condition     = length(aws_sns_topic.this) + length(aws_sns_topic_policy.this) == 0 && output.topic_arn == var.topic_arn
    error_message = "A topic is made beside the given one."
  }
  assert {
    condition     = alltrue([for target in aws_cloudwatch_event_target.topic : target.arn == var.topic_arn])
    error_message = "A rule publishes elsewhere than to the given topic."
  }
  assert {
    condition     = keys(aws_cloudwatch_event_rule.this) == ["instance-profiles", "roles"]
    error_message = "Without prefixes of policy names there is a rule for policies all the same."
  }
  assert {
    condition     = !strcontains(output.event_patterns["acme-audit-roles"], "userIdentity")
    error_message = "Without administrators somebody's changes raise no alarm."
  }
}

run "other_partition" {
  command = plan

  variables {
    partition            = "aws-us-gov"
    region               = "us-gov-west-1"
    watch_roles          = true
    watch_recorder       = true
    policy_name_prefixes = ["acme-shop-"]
    administrators       = ["arn:aws-us-gov:iam::111122223333:role/pipeline"]
  }

  assert {
    condition     = !strcontains(jsonencode(output.event_patterns), "arn:aws:") && !strcontains(aws_sns_topic_policy.this[0].policy, "arn:aws:")
    error_message = "An ARN has the wrong partition."
  }
  assert {
    condition = jsondecode(output.event_patterns["acme-audit-roles"]).detail.userIdentity.sessionContext.sessionIssuer.arn == [
      { exists = false },
      { "anything-but" = ["arn:aws-us-gov:iam::111122223333:role/pipeline"] },
    ]
    error_message = "A caller without a session issuer raises no alarm, or a rule with a wildcard is spent where none is needed."
  }
}

run "pattern_too_long" {
  command = plan

  variables {
    watch_denials = true
    role_names    = [for index in range(60) : "acme-bank-a-service-with-a-long-name-${index}"]
  }

  expect_failures = [aws_cloudwatch_event_rule.this]
}

run "malformed_arguments" {
  command = plan

  variables {
    name               = "acme audit"
    account_id         = "1111"
    topic_arn          = "security"
    emails             = ["security"]
    role_name_prefixes = ["acme-*"]
    administrators     = ["arn:aws:iam::111122223333:user/alice"]
    watch_trail_arns   = ["acme-audit"]
    watch_key_arn      = "arn:aws:kms:us-east-1:111122223333:alias/acme"
    pattern_size_limit = 100
  }

  expect_failures = [
    var.name,
    var.account_id,
    var.topic_arn,
    var.emails,
    var.role_name_prefixes,
    var.administrators,
    var.watch_trail_arns,
    var.watch_key_arn,
    var.pattern_size_limit,
  ]
}
