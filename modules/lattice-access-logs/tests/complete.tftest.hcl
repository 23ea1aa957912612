mock_provider "aws" {
  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:eu-west-1:444455556666:log-group:/aws/vendedlogs/vpc-lattice/acme"
    }
  }
}

variables {
  name         = "acme"
  resource_ids = { network = "sn-0123456789abcdef0", checkout = "svc-0123456789abcdef0" }
}

run "log_group" {
  # The group's ARN, and with it the policy, is known only after apply.
  command = apply

  assert {
    condition     = aws_cloudwatch_log_group.access[0].name == "/aws/vendedlogs/vpc-lattice/acme" && aws_cloudwatch_log_group.access[0].retention_in_days == 400
    error_message = "The group has the prefix of vended logs and keeps them as long as asked."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_log_resource_policy.delivery[0].policy_document).Statement == [{
      Sid       = "AWSLogDeliveryWrite20150319"
      Effect    = "Allow"
      Principal = { Service = ["delivery.logs.amazonaws.com"] }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = ["arn:aws:logs:eu-west-1:444455556666:log-group:/aws/vendedlogs/vpc-lattice/acme:log-stream:*"]
      Condition = {
        StringEquals = { "aws:SourceAccount" = ["444455556666"] }
        ArnLike      = { "aws:SourceArn" = ["arn:aws:logs:eu-west-1:444455556666:*"] }
      }
    }]
    error_message = "Log delivery writes into this group, for this account."
  }

  assert {
    condition = { for label, subscription in aws_vpclattice_access_log_subscription.access : label => subscription.resource_identifier } == {
      checkout-log-group = "svc-0123456789abcdef0"
      network-log-group  = "sn-0123456789abcdef0"
    }
    error_message = "Each resource is subscribed to."
  }

  assert {
    condition     = alltrue([for subscription in aws_vpclattice_access_log_subscription.access : subscription.destination_arn == aws_cloudwatch_log_group.access[0].arn])
    error_message = "The requests go to the group."
  }
}

run "group_and_bucket" {
  command = plan

  variables {
    bucket_arn     = "arn:aws:s3:::acme-lattice-logs/mesh"
    key_arn        = "arn:aws:kms:eu-west-1:444455556666:key/logs"
    retention_days = 90
  }

  assert {
    condition     = toset(keys(aws_vpclattice_access_log_subscription.access)) == toset(["checkout-bucket", "checkout-log-group", "network-bucket", "network-log-group"])
    error_message = "Each resource has a subscription for each destination."
  }

  assert {
    condition     = aws_vpclattice_access_log_subscription.access["network-bucket"].destination_arn == var.bucket_arn
    error_message = "The requests go to the bucket."
  }

  assert {
    condition     = aws_cloudwatch_log_group.access[0].kms_key_id == var.key_arn && aws_cloudwatch_log_group.access[0].retention_in_days == 90
    error_message = "The group is encrypted with the key and keeps logs as long as asked."
  }
}

run "bucket_alone" {
  command = plan

  variables {
    log_group  = false
    bucket_arn = "arn:aws:s3:::acme-lattice-logs"
  }

  assert {
    condition     = length(aws_cloudwatch_log_group.access) == 0 && length(aws_cloudwatch_log_resource_policy.delivery) == 0 && output.log_group_name == ""
    error_message = "Without a group there is no group and no policy of one."
  }

  assert {
    condition     = toset(keys(aws_vpclattice_access_log_subscription.access)) == toset(["checkout-bucket", "network-bucket"])
    error_message = "Each resource is subscribed to, once."
  }
}

run "complete_example" {
  command = plan

  module {
    source = "./examples/complete"
  }

  assert {
    condition     = output.log_group_name == "/aws/vendedlogs/vpc-lattice/acme-shop-prod"
    error_message = "The example logs into a group of vended logs."
  }
}
