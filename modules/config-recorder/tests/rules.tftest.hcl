mock_provider "aws" {}

variables {
  name           = "acme-prod"
  region         = "eu-west-1"
  account_id     = "111122223333"
  archive_bucket = "acme-log-archive"
}

run "managed_rules_are_passed_on" {
  command = plan

  variables {
    managed_rules = {
      trail = { identifier = "CLOUD_TRAIL_ENABLED", frequency = "Six_Hours" }
      policies = {
        identifier     = "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS"
        resource_types = ["AWS::IAM::Policy"]
        parameters     = { excludePermissionBoundaryPolicy = "true" }
      }
    }
  }

  assert {
    condition = (
      aws_config_config_rule.managed["trail"].name == "acme-prod-trail"
      && aws_config_config_rule.managed["trail"].source[0].owner == "AWS"
      && aws_config_config_rule.managed["trail"].source[0].source_identifier == "CLOUD_TRAIL_ENABLED"
      && aws_config_config_rule.managed["trail"].maximum_execution_frequency == "Six_Hours"
      && length(aws_config_config_rule.managed["trail"].scope) == 0
    )
    error_message = "A periodic rule has a frequency and no scope."
  }

  assert {
    condition = (
      aws_config_config_rule.managed["policies"].scope[0].compliance_resource_types == toset(["AWS::IAM::Policy"])
      && jsondecode(aws_config_config_rule.managed["policies"].input_parameters) == { excludePermissionBoundaryPolicy = "true" }
    )
    error_message = "A rule about changes has a scope and parameters."
  }

  assert {
    condition     = aws_config_config_rule.managed["trail"].input_parameters == null || aws_config_config_rule.managed["trail"].input_parameters == ""
    error_message = "No parameters, where there are none."
  }
}

run "the_recommended_rules_are_an_argument" {
  command = plan

  variables {
    managed_rules = run.managed_rules_are_passed_on.recommended_managed_rules
  }

  assert {
    condition = toset([for rule in aws_config_config_rule.managed : rule.source[0].source_identifier]) == toset([
      "CLOUD_TRAIL_ENABLED", "MULTI_REGION_CLOUD_TRAIL_ENABLED", "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED",
      "CLOUD_TRAIL_ENCRYPTION_ENABLED", "CLOUDTRAIL_SECURITY_TRAIL_ENABLED", "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
      "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
    ])
    error_message = "Seven rules, none of which forbids inline policies."
  }
}

run "guard_rules_are_custom_policies" {
  command = plan

  variables {
    mesh_role_pattern = "^acme-shop-.*-prod$"
    boundary_pattern  = "^arn:aws:iam::111122223333:policy/limits$"
  }

  assert {
    condition = toset(keys(aws_config_config_rule.guard)) == toset([
      "mesh-role-one-workload", "mesh-role-tags", "mesh-role-one-node", "mesh-role-boundary",
    ])
    error_message = "One rule for each principle."
  }

  assert {
    condition = alltrue([
      for name, rule in aws_config_config_rule.guard :
      rule.source[0].owner == "CUSTOM_POLICY"
      && rule.source[0].custom_policy_details[0].policy_runtime == "guard-2.x.x"
      && rule.source[0].custom_policy_details[0].policy_text == output.guard_rules[name]
      && toset([for detail in rule.source[0].source_detail : detail.message_type]) == toset([
        "ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification",
      ])
    ])
    error_message = "They are Guard 2, and run when a role changes."
  }

  assert {
    condition     = alltrue([for text in values(output.guard_rules) : strcontains(text, "configuration.roleName == /^acme-shop-.*-prod$/")])
    error_message = "They are about mesh roles only."
  }

  assert {
    condition = (
      strcontains(output.guard_rules["mesh-role-boundary"], "== /^arn:aws:iam::111122223333:policy\\/limits$/")
      && strcontains(output.guard_rules["mesh-role-one-node"], "configuration.policyName == /^acme-shop-.*-prod/")
      && aws_config_config_rule.guard["mesh-role-one-node"].scope[0].compliance_resource_types == toset(["AWS::IAM::Role", "AWS::IAM::Policy"])
      && aws_config_config_rule.guard["mesh-role-boundary"].scope[0].compliance_resource_types == toset(["AWS::IAM::Role"])
    )
    error_message = "The boundary's slashes are escaped, and managed parts of a role are looked at too."
  }
}

run "only_some_roles_have_a_boundary" {
  command = plan

  variables {
    mesh_role_pattern    = "^acme-shop-"
    boundary_pattern     = "^arn:aws:iam::111122223333:policy/limits$"
    bounded_role_pattern = "^acme-shop-.*-prod$"
  }

  assert {
    condition = (
      strcontains(output.guard_rules["mesh-role-boundary"], "configuration.roleName == /^acme-shop-.*-prod$/")
      && strcontains(output.guard_rules["mesh-role-tags"], "configuration.roleName == /^acme-shop-/")
    )
    error_message = "The rule about boundaries is about those that have one, the others are about every mesh role."
  }
}

run "no_boundary_and_no_tags_no_rule" {
  command = plan

  variables {
    mesh_role_pattern = "^acme-shop-"
    mesh_role_tags    = []
  }

  assert {
    condition     = keys(output.guard_rules) == ["mesh-role-one-node", "mesh-role-one-workload"]
    error_message = "What is not asked for is not checked."
  }
}

run "a_rule_that_is_too_long_is_refused" {
  command = plan

  variables {
    mesh_role_pattern = join("|", [for number in range(200) : "^acme-shop-workload-number-${number}-of-two-hundred$"])
  }

  expect_failures = [aws_config_config_rule.guard]
}

run "patterns_are_of_guard_2" {
  command = plan

  variables {
    mesh_role_pattern = "^(?!acme)"
    boundary_pattern  = "(a)\\1"
    mesh_role_tags    = ["it's"]
    managed_rules     = { "no spaces" = { identifier = "cloudtrail-enabled", frequency = "Daily" } }
  }

  expect_failures = [var.mesh_role_pattern, var.boundary_pattern, var.mesh_role_tags, var.managed_rules]
}

run "the_complete_example_plans" {
  command = plan

  module {
    source = "./examples/complete"
  }

  assert {
    condition     = length(output.rule_names) == 6 && length(output.guard_rules) == 4
    error_message = "Two managed rules and four of ours."
  }
}
