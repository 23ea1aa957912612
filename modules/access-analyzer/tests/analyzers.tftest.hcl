mock_provider "aws" {}

variables {
  name = "acme"
}

run "external_access_of_the_account_is_the_default" {
  command = plan

  assert {
    condition     = aws_accessanalyzer_analyzer.external[0].type == "ACCOUNT" && aws_accessanalyzer_analyzer.external[0].analyzer_name == "acme-external-access"
    error_message = "The default is another analyzer than that of the account's external access."
  }
  assert {
    condition     = length(aws_accessanalyzer_analyzer.unused) == 0
    error_message = "An analyzer that AWS charges for is made unasked."
  }
}

run "both_of_the_organization" {
  variables {
    scope       = "ORGANIZATION"
    unused      = true
    unused_days = 30
    tags        = { team = "security" }
  }

  assert {
    condition     = aws_accessanalyzer_analyzer.external[0].type == "ORGANIZATION" && aws_accessanalyzer_analyzer.unused[0].type == "ORGANIZATION_UNUSED_ACCESS"
    error_message = "An analyzer has another zone of trust than the organization."
  }
  assert {
    condition     = aws_accessanalyzer_analyzer.unused[0].configuration[0].unused_access[0].unused_access_age == 30
    error_message = "Unused access has another age."
  }
  assert {
    condition     = alltrue([for analyzer in concat(aws_accessanalyzer_analyzer.external, aws_accessanalyzer_analyzer.unused) : analyzer.tags == tomap({ team = "security" })])
    error_message = "An analyzer has no tags."
  }
  assert {
    condition     = output.analyzer_arns == [aws_accessanalyzer_analyzer.external[0].arn, aws_accessanalyzer_analyzer.unused[0].arn]
    error_message = "The output names other analyzers."
  }
}

run "unused_access_alone" {
  command = plan

  variables {
    external = false
    unused   = true
  }

  assert {
    condition     = length(aws_accessanalyzer_analyzer.external) == 0 && aws_accessanalyzer_analyzer.unused[0].type == "ACCOUNT_UNUSED_ACCESS"
    error_message = "External access is analyzed unasked, or unused access is not that of the account."
  }
  assert {
    condition     = aws_accessanalyzer_analyzer.unused[0].configuration[0].unused_access[0].unused_access_age == 90
    error_message = "The default age is not 90 days."
  }
}

run "example" {
  module {
    source = "./examples/complete"
  }

  assert {
    condition     = length(output.analyzer_arns) == 2
    error_message = "The complete example does not make both analyzers."
  }
}

run "malformed_arguments" {
  command = plan

  variables {
    name        = "1-acme"
    scope       = "ACCOUNT_UNUSED_ACCESS"
    unused_days = 0
  }

  expect_failures = [var.name, var.scope, var.unused_days]
}
