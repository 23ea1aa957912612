locals {
  makes_topic    = var.create_topic == null ? var.topic_arn == "" : var.create_topic
  watches_bucket = var.watch_bucket == null ? var.watch_bucket_name != "" : var.watch_bucket
  watches_key    = var.watch_key == null ? var.watch_key_arn != "" : var.watch_key
  names_roles    = length(var.role_name_prefixes) + length(var.role_names) > 0

  # "Events from AWS API calls from global services are only available in that region", us-east-1:
  # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html#eb-rule-did-not-trigger-iam
  iam_is_here = var.partition != "aws" || var.region == "us-east-1"
  iam_problem = local.iam_is_here ? "" : "calls of IAM reach EventBridge in us-east-1 only: watch_roles in ${var.region} would see nothing"
  no_roles    = local.names_roles ? "" : "no role is named: give role_name_prefixes or role_names"

  # `title` begins the message, `objects` are where an event says what the call was about, `problem` is why the rule cannot work.
  candidates = {
    roles = {
      on      = var.watch_roles
      title   = "Watched role changed"
      objects = ["$.detail.requestParameters.roleName"]
      problem = join("; ", compact([local.iam_problem, local.no_roles]))
      pattern = jsonencode({
        source        = ["aws.iam"]
        "detail-type" = local.api_call
        detail = merge(local.by_others, {
          eventName         = local.role_calls
          requestParameters = { roleName = local.role_names }
        })
      })
    }
    instance-profiles = {
      on      = var.watch_roles
      title   = "Instance profile of a watched role changed"
      objects = ["$.detail.requestParameters.instanceProfileName"]
      problem = join("; ", compact([local.iam_problem, local.no_roles]))
      pattern = jsonencode({
        source        = ["aws.iam"]
        "detail-type" = local.api_call
        detail = merge(local.by_others, {
          eventName         = local.instance_profile_calls
          requestParameters = { instanceProfileName = local.role_names }
        })
      })
    }
    policies = {
      on      = var.watch_roles && length(var.policy_name_prefixes) > 0
      title   = "Watched policy changed"
      objects = ["$.detail.requestParameters.policyArn", "$.detail.requestParameters.policyName"]
      problem = local.iam_problem
      pattern = jsonencode({
        source        = ["aws.iam"]
        "detail-type" = local.api_call
        detail = merge(local.by_others, {
          eventName = local.policy_calls
          # CreatePolicy has a name, all the others an ARN.
          "$or" = [
            { requestParameters = { policyArn = [for filter in local.policy_arns : { for key, value in filter : key => value if value != null }] } },
            { requestParameters = { policyName = local.policy_names } },
          ]
        })
      })
    }
    trails = {
      on      = length(var.watch_trail_arns) > 0
      title   = "Trail stopped, deleted or changed"
      objects = ["$.detail.requestParameters.name", "$.detail.requestParameters.trailName"]
      problem = alltrue([for arn in var.watch_trail_arns : element(split(":", arn), 3) == var.region]) ? "" : "a trail is changed in its home region, which a rule in ${var.region} does not see"
      pattern = jsonencode({
        source        = ["aws.cloudtrail"]
        "detail-type" = local.api_call
        detail = {
          eventName = local.trail_calls
          "$or" = [
            { requestParameters = { name = local.trail_names } },
            { requestParameters = { trailName = local.trail_names } },
          ]
        }
      })
    }
    recorder = {
      on      = var.watch_recorder
      title   = "AWS Config stopped or changed"
      objects = ["$.detail.requestParameters.configurationRecorderName", "$.detail.requestParameters.deliveryChannelName", "$.detail.requestParameters.configRuleName"]
      problem = ""
      pattern = jsonencode({
        source        = ["aws.config"]
        "detail-type" = local.api_call
        detail        = { eventName = local.recorder_calls }
      })
    }
    bucket = {
      on      = local.watches_bucket
      title   = "Log bucket changed"
      objects = ["$.detail.requestParameters.bucketName"]
      problem = var.watch_bucket_name == "" ? "watch_bucket needs watch_bucket_name" : ""
      pattern = jsonencode({
        source        = ["aws.s3"]
        "detail-type" = local.api_call
        detail = {
          eventName         = local.bucket_calls
          requestParameters = { bucketName = [var.watch_bucket_name] }
        }
      })
    }
    key = {
      on      = local.watches_key
      title   = "Key of the logs disabled or changed"
      objects = ["$.detail.requestParameters.keyId"]
      problem = var.watch_key_arn == "" ? "watch_key needs watch_key_arn" : ""
      pattern = jsonencode({
        source        = ["aws.kms"]
        "detail-type" = local.api_call
        detail = {
          eventName = local.key_calls
          # A call names the key by its id or by its ARN; these calls take no alias.
          # https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
          requestParameters = { keyId = [var.watch_key_arn, reverse(split("/", var.watch_key_arn))[0]] }
        }
      })
    }
    denials = {
      on      = var.watch_denials
      title   = "Call of a mesh role denied"
      objects = ["$.detail.eventSource"]
      problem = local.no_roles
      pattern = jsonencode({
        "detail-type" = local.api_call
        detail = {
          errorCode    = local.denial_codes
          userIdentity = { sessionContext = { sessionIssuer = { userName = local.role_names } } }
        }
      })
    }
    # App Mesh writes a service event without an error code, whose identity has no session issuer:
    # https://docs.aws.amazon.com/app-mesh/latest/userguide/logging-using-cloudtrail.html
    envoy-denials = {
      on      = var.watch_envoy_denials
      title   = "Envoy of a mesh role refused"
      objects = ["$.detail.serviceEventDetails.nodeArn"]
      problem = local.no_roles
      pattern = jsonencode({
        source        = ["aws.appmesh"]
        "detail-type" = local.service_event
        detail = {
          eventName           = ["StreamAggregatedResources"]
          serviceEventDetails = { failureReason = [{ prefix = "Unauthorized" }] }
          userIdentity = { arn = concat(
            [for prefix in var.role_name_prefixes : { prefix = "${local.envoy_sessions}${prefix}" }],
            [for name in var.role_names : { prefix = "${local.envoy_sessions}${name}/" }],
          ) }
        }
      })
    }
  }

  rules = { for key, rule in local.candidates : key => rule if rule.on }
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.rules

  name          = "${var.name}-${each.key}"
  description   = each.value.title
  event_pattern = each.value.pattern
  # Most of what is denied is read-only, and a rule that is just enabled sees no read-only call:
  # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
  state = each.key == "denials" ? "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" : "ENABLED"
  tags  = var.tags

  lifecycle {
    precondition {
      condition     = each.value.problem == ""
      error_message = "${var.name}-${each.key}: ${each.value.problem}."
    }

    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
    precondition {
      condition     = length(each.value.pattern) <= var.pattern_size_limit
      error_message = "The event pattern of ${var.name}-${each.key} has ${length(each.value.pattern)} characters, the quota is ${var.pattern_size_limit}: name the roles by fewer, shorter prefixes, or have AWS raise the quota and give it as pattern_size_limit."
    }
  }
}

# What a path does not find is left out of the message, so each place that a value may be has its variable. No free text of an event is
# taken: EventBridge does not escape it, and one quotation mark would lose the alarm.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
resource "aws_cloudwatch_event_target" "topic" {
  for_each = local.rules

  rule      = aws_cloudwatch_event_rule.this[each.key].name
  target_id = "topic"
  arn       = local.topic_arn

  input_transformer {
    input_paths = merge(
      {
        who     = "$.detail.userIdentity.arn"
        service = "$.detail.userIdentity.invokedBy"
        call    = "$.detail.eventName"
        error   = "$.detail.errorCode"
        event   = "$.detail.eventID"
        when    = "$.detail.eventTime"
        account = "$.account"
        region  = "$.region"
      },
      { for index, path in each.value.objects : "object${index}" => path },
    )
    input_template = join("", [
      "\"${each.value.title}: <call> on ",
      join("", [for index, path in each.value.objects : "<object${index}>"]),
      "; by: <who>; via: <service>; at: <when>; account: <account>; region: <region>; error: <error>; event: <event>\"",
    ])
  }
}
