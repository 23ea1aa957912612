# Which services are delegated, and through whom.

mock_provider "aws" {}

variables {
  audit_account_id = "444455556666"
}

run "all" {
  command = plan

  assert {
    condition     = aws_cloudtrail_organization_delegated_admin_account.audit[0].account_id == "444455556666"
    error_message = "CloudTrail is delegated through CloudTrail, which makes its service-linked roles."
  }
  assert {
    condition = keys(aws_organizations_delegated_administrator.audit) == [
      "access-analyzer.amazonaws.com", "config-multiaccountsetup.amazonaws.com", "config.amazonaws.com",
    ]
    error_message = "Access Analyzer and both principals of Config are delegated through Organizations."
  }
  assert {
    condition     = alltrue([for service, delegation in aws_organizations_delegated_administrator.audit : delegation.service_principal == service && delegation.account_id == "444455556666"])
    error_message = "Each service is delegated to the audit account."
  }
}

run "cloudtrail_alone" {
  command = plan

  variables {
    config          = false
    access_analyzer = false
  }

  assert {
    condition     = output.service_principals == tolist(["cloudtrail.amazonaws.com"]) && length(aws_organizations_delegated_administrator.audit) == 0
    error_message = "What is not asked for is not delegated."
  }
}

run "without_cloudtrail" {
  command = plan

  variables {
    cloudtrail = false
  }

  assert {
    condition     = length(aws_cloudtrail_organization_delegated_admin_account.audit) == 0 && !contains(output.service_principals, "cloudtrail.amazonaws.com")
    error_message = "CloudTrail can stay with the management account."
  }
}

run "wrong_account" {
  command = plan

  variables {
    audit_account_id = "audit"
  }

  expect_failures = [var.audit_account_id]
}

run "complete_example" {
  command = plan

  module {
    source = "./examples/complete"
  }
}
