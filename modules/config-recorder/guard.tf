# The words of the Guard rules' regular expressions. AWS Config shows a policy as IAM returns it, percent-encoded (RFC 3986):
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
# AWS Config runs Guard 2, whose regular expressions know neither look-around nor back references, and which cannot decode.
locals {
  space  = "(%20|%09|%0A|%0D|[+])*"
  colon  = "${local.space}%3A${local.space}"
  rest   = "([^%]|%[^2]|%2[^2])*%22"
  string = "%22${local.rest}"
  star   = "(%2A|%3F|[*?])"

  # What may stand between two keys of one object, without leaving it: anything but a brace, and whole objects up to depth 2.
  member = "(${local.string}|%(20|09|0A|0D|3A|2C|5B|5D)|[A-Za-z0-9.+-])"
  beside = "(${local.member}|%7B${local.member}*(%7B${local.member}*%7D${local.member}*)*%7D)*"

  guard_words = {
    space  = local.space
    colon  = local.colon
    string = local.string
    member = local.member
    beside = local.beside
    # "*", "app*", "appmesh:*", "appmesh:Stream*": IAM matches actions whatever their case.
    wildcard = "%22([A-Za-z0-9-]*${local.star}|(?i:appmesh)%3A[A-Za-z]*${local.star})${local.rest}"
    stream   = "%22(?i:appmesh%3AStreamAggregatedResources)%22"
    node     = "%22arn%3Aaws[a-z-]*%3Aappmesh%3A[a-z0-9-]+%3A[0-9]{12}%3Amesh%2F[A-Za-z0-9_-]+%2Fvirtual(Node|Gateway)%2F[A-Za-z0-9_-]+%22"
    tags     = var.mesh_role_tags
    roles    = var.mesh_role_pattern
    bounded  = var.bounded_role_pattern == "" ? var.mesh_role_pattern : var.bounded_role_pattern
    # A managed part's name is the role's and a suffix.
    policies = trimsuffix(var.mesh_role_pattern, "$")
    # A slash would end the regular expression.
    boundary = replace(replace(var.boundary_pattern, "\\/", "/"), "/", "\\/")
  }

  guard_rules = {
    for name, rule in {
      one-workload = { on = true, types = ["AWS::IAM::Role"], what = "A mesh role is trusted by one workload only." }
      tags         = { on = length(var.mesh_role_tags) > 0, types = ["AWS::IAM::Role"], what = "A mesh role carries its tags." }
      one-node     = { on = true, types = ["AWS::IAM::Role", "AWS::IAM::Policy"], what = "An Envoy grant of a mesh role names one virtual node or gateway." }
      boundary     = { on = var.boundary_pattern != "", types = ["AWS::IAM::Role"], what = "A mesh role has its permissions boundary." }
    } : "mesh-role-${name}" => merge(rule, { text = templatefile("${path.module}/rules/${name}.guard", local.guard_words) })
    if rule.on && var.mesh_role_pattern != "" && var.record_global_types
  }
}

resource "aws_config_config_rule" "guard" {
  for_each = local.guard_rules

  name        = "${var.name}-${each.key}"
  description = each.value.what

  scope {
    compliance_resource_types = each.value.types
  }

  # https://docs.aws.amazon.com/config/latest/APIReference/API_CustomPolicyDetails.html
  source {
    owner = "CUSTOM_POLICY"

    source_detail {
      message_type = "ConfigurationItemChangeNotification"
    }

    # A role with many policies is a large item, and is announced as one.
    source_detail {
      message_type = "OversizedConfigurationItemChangeNotification"
    }

    custom_policy_details {
      policy_runtime = "guard-2.x.x"
      policy_text    = each.value.text
    }
  }

  tags       = var.tags
  depends_on = [aws_config_configuration_recorder_status.this]

  lifecycle {
    precondition {
      condition     = length(each.value.text) <= 10000
      error_message = "A Guard policy has at most 10,000 characters: give a shorter mesh_role_pattern, bounded_role_pattern or boundary_pattern."
    }
  }
}
