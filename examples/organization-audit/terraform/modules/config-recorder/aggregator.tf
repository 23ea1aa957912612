locals {
  aggregator_regions = length(var.aggregator_regions) > 0 ? var.aggregator_regions : null
}

# https://docs.aws.amazon.com/config/latest/developerguide/aggregated-create.html
resource "aws_config_configuration_aggregator" "this" {
  count = var.aggregator == "" ? 0 : 1

  name = var.name
  tags = var.tags

  dynamic "account_aggregation_source" {
    for_each = var.aggregator == "accounts" ? [var.aggregator_accounts] : []

    content {
      account_ids = account_aggregation_source.value
      all_regions = local.aggregator_regions == null
      regions     = local.aggregator_regions
    }
  }

  dynamic "organization_aggregation_source" {
    for_each = aws_iam_role.aggregator

    content {
      role_arn    = organization_aggregation_source.value.arn
      all_regions = local.aggregator_regions == null
      regions     = local.aggregator_regions
    }
  }

  depends_on = [aws_iam_role_policy_attachment.aggregator]

  lifecycle {
    precondition {
      condition     = (var.aggregator == "accounts") == (length(var.aggregator_accounts) > 0)
      error_message = "aggregator_accounts belongs to aggregator = \"accounts\", which needs at least one."
    }
  }
}

resource "aws_iam_role" "aggregator" {
  count = var.aggregator == "organization" ? 1 : 0

  name        = "${var.name}-config-aggregator"
  description = "AWS Config asks AWS Organizations which accounts there are"
  tags        = var.tags

  # As AWS shows it, without a condition: no page says that a source account comes with this call.
  # https://docs.aws.amazon.com/config/latest/developerguide/aggregated-create.html
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AssumeToAskForTheAccounts"
      Effect    = "Allow"
      Principal = { Service = "config.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# Lists the organization's accounts, and no more:
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSConfigRoleForOrganizations.html
resource "aws_iam_role_policy_attachment" "aggregator" {
  count = var.aggregator == "organization" ? 1 : 0

  role       = aws_iam_role.aggregator[0].name
  policy_arn = "arn:${var.partition}:iam::aws:policy/service-role/AWSConfigRoleForOrganizations"
}

# What an aggregator of single accounts needs from each of them; one of an organization needs none:
# https://docs.aws.amazon.com/config/latest/developerguide/aggregate-data.html
resource "aws_config_aggregate_authorization" "this" {
  count = var.aggregation_account_id == "" ? 0 : 1

  account_id = var.aggregation_account_id
  region     = var.aggregation_region == "" ? var.region : var.aggregation_region
  tags       = var.tags
}
