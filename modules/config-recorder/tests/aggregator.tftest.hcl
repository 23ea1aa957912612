mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111122223333:role/acme-config-aggregator"
    }
  }
}

variables {
  name            = "acme"
  region          = "eu-west-1"
  account_id      = "111122223333"
  archive_bucket  = "acme-log-archive"
  create_recorder = false
}

run "an_organization_is_asked_through_a_role" {
  command = apply

  variables {
    aggregator         = "organization"
    aggregator_regions = ["eu-west-1", "us-east-1"]
  }

  assert {
    condition = (
      aws_config_configuration_aggregator.this[0].organization_aggregation_source[0].role_arn == aws_iam_role.aggregator[0].arn
      && aws_config_configuration_aggregator.this[0].organization_aggregation_source[0].regions == tolist(["eu-west-1", "us-east-1"])
      && !aws_config_configuration_aggregator.this[0].organization_aggregation_source[0].all_regions
      && length(aws_config_configuration_aggregator.this[0].account_aggregation_source) == 0
    )
    error_message = "Two regions of the organization."
  }

  assert {
    condition = (
      aws_iam_role_policy_attachment.aggregator[0].policy_arn == "arn:aws:iam::aws:policy/service-role/AWSConfigRoleForOrganizations"
      && jsondecode(aws_iam_role.aggregator[0].assume_role_policy).Statement[0].Principal == { Service = "config.amazonaws.com" }
    )
    error_message = "The role lists accounts for AWS Config."
  }
}

run "accounts_are_gathered_without_a_role" {
  command = plan

  variables {
    aggregator          = "accounts"
    aggregator_accounts = ["444455556666", "777788889999"]
  }

  assert {
    condition = (
      aws_config_configuration_aggregator.this[0].account_aggregation_source[0].account_ids == tolist(["444455556666", "777788889999"])
      && aws_config_configuration_aggregator.this[0].account_aggregation_source[0].all_regions
      && length(aws_iam_role.aggregator) == 0
    )
    error_message = "Two accounts in all regions."
  }
}

run "accounts_have_to_be_named" {
  command = plan

  variables {
    aggregator = "accounts"
  }

  expect_failures = [aws_config_configuration_aggregator.this]
}

run "an_account_authorizes_another" {
  command = plan

  variables {
    aggregation_account_id = "444455556666"
  }

  assert {
    condition = (
      aws_config_aggregate_authorization.this[0].account_id == "444455556666"
      && aws_config_aggregate_authorization.this[0].region == "eu-west-1"
      && length(aws_config_configuration_aggregator.this) == 0
    )
    error_message = "The other account's aggregator, in this region."
  }
}

run "an_account_authorizes_another_region" {
  command = plan

  variables {
    aggregation_account_id = "444455556666"
    aggregation_region     = "us-east-1"
  }

  assert {
    condition     = aws_config_aggregate_authorization.this[0].region == "us-east-1"
    error_message = "The aggregator's region, not this one's."
  }
}
