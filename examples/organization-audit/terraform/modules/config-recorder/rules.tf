resource "aws_config_config_rule" "managed" {
  for_each = var.managed_rules

  name                        = "${var.name}-${each.key}"
  input_parameters            = length(coalesce(each.value.parameters, {})) > 0 ? jsonencode(each.value.parameters) : null
  maximum_execution_frequency = each.value.frequency

  dynamic "scope" {
    for_each = length(coalesce(each.value.resource_types, [])) > 0 ? [each.value.resource_types] : []

    content {
      compliance_resource_types = scope.value
    }
  }

  source {
    owner             = "AWS"
    source_identifier = each.value.identifier
  }

  tags = var.tags

  # A rule without a recorder is refused: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigRule.html
  depends_on = [aws_config_configuration_recorder_status.this]
}

# Rules that an account whose trail and identities follow the sibling modules is compliant with. Each is an argument for
# managed_rules. Not among them: IAM_NO_INLINE_POLICY_CHECK (role policies are inline here, so that nobody attaches them elsewhere).
locals {
  recommended_managed_rules = merge(
    {
      # https://docs.aws.amazon.com/config/latest/developerguide/cloudtrail-enabled.html
      cloudtrail-enabled = { identifier = "CLOUD_TRAIL_ENABLED" }
      # https://docs.aws.amazon.com/config/latest/developerguide/multi-region-cloudtrail-enabled.html
      multi-region-cloudtrail-enabled = { identifier = "MULTI_REGION_CLOUD_TRAIL_ENABLED" }
      # https://docs.aws.amazon.com/config/latest/developerguide/cloud-trail-log-file-validation-enabled.html
      cloud-trail-log-file-validation-enabled = { identifier = "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED" }
      # https://docs.aws.amazon.com/config/latest/developerguide/cloud-trail-encryption-enabled.html
      cloud-trail-encryption-enabled = { identifier = "CLOUD_TRAIL_ENCRYPTION_ENABLED" }
      # https://docs.aws.amazon.com/config/latest/developerguide/cloudtrail-security-trail-enabled.html
      cloudtrail-security-trail-enabled = { identifier = "CLOUDTRAIL_SECURITY_TRAIL_ENABLED" }
    },
    # Customer managed policies are evaluated where they are recorded. A boundary allows much and grants nothing: left out.
    {
      for name, rule in {
        # https://docs.aws.amazon.com/config/latest/developerguide/iam-policy-no-statements-with-admin-access.html
        iam-policy-no-statements-with-admin-access = { identifier = "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS" }
        # https://docs.aws.amazon.com/config/latest/developerguide/iam-policy-no-statements-with-full-access.html
        iam-policy-no-statements-with-full-access = { identifier = "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS" }
      } : name => merge(rule, { parameters = { excludePermissionBoundaryPolicy = "true" } })
      if var.record_global_types && !contains(local.regions_without_iam, var.region)
    },
  )
}
