# What each rule looks for. Fields of a pattern must all match, values in a list are alternatives, and a field that an event
# does not have matches `exists = false` only:
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html

locals {
  api_call      = ["AWS API Call via CloudTrail"]
  service_event = ["AWS Service Event via CloudTrail"]

  role_names     = concat([for prefix in var.role_name_prefixes : { prefix = prefix }], var.role_names)
  policy_names   = [for prefix in var.policy_name_prefixes : { prefix = prefix }]
  policies       = "arn:${var.partition}:iam::${var.account_id}:policy/"
  envoy_sessions = "arn:${var.partition}:sts::${var.account_id}:assumed-role/"

  # A policy's ARN has its path before its name, or none.
  policy_arns = flatten([for prefix in var.policy_name_prefixes : [
    { prefix = "${local.policies}${prefix}", wildcard = null },
    { prefix = null, wildcard = "${local.policies}*/${prefix}*" },
  ]])

  # Few rules of an event bus may hold a wildcard, so there is one only where an administrator's ARN does. Both are text, since the
  # two forms are of two types.
  not_administrators = jsondecode(
    anytrue([for arn in var.administrators : strcontains(arn, "*")]) ?
    jsonencode({ wildcard = var.administrators }) :
    jsonencode(var.administrators)
  )

  # The root user and IAM users have no session, so no issuer: they are nobody's administrators. Without administrators everybody counts.
  # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
  by_others = {
    for key, value in {
      userIdentity = { sessionContext = { sessionIssuer = { arn = [{ exists = false }, { "anything-but" = local.not_administrators }] } } }
    } : key => value if length(var.administrators) > 0
  }

  # Every action of IAM that writes to a role, but for service-linked ones, which IAM names itself, and PassRole, which is no call.
  # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
  role_calls = [
    "AddRoleToInstanceProfile",
    "AttachRolePolicy",
    "CreateRole",
    "DeleteRole",
    "DeleteRolePermissionsBoundary",
    "DeleteRolePolicy",
    "DetachRolePolicy",
    "PutRolePermissionsBoundary",
    "PutRolePolicy",
    "RemoveRoleFromInstanceProfile",
    "TagRole",
    "UntagRole",
    "UpdateAssumeRolePolicy",
    "UpdateRole",
    "UpdateRoleDescription",
  ]

  instance_profile_calls = [
    "AddRoleToInstanceProfile",
    "CreateInstanceProfile",
    "DeleteInstanceProfile",
    "RemoveRoleFromInstanceProfile",
    "TagInstanceProfile",
    "UntagInstanceProfile",
  ]

  # The last three give a watched policy to somebody: what one workload may do, another may then do too.
  policy_calls = [
    "CreatePolicy",
    "CreatePolicyVersion",
    "DeletePolicy",
    "DeletePolicyVersion",
    "SetDefaultPolicyVersion",
    "TagPolicy",
    "UntagPolicy",
    "AttachGroupPolicy",
    "AttachRolePolicy",
    "AttachUserPolicy",
  ]

  # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html
  trail_calls = [
    "DeleteTrail",
    "PutEventConfiguration",
    "PutEventSelectors",
    "PutInsightSelectors",
    "StopLogging",
    "UpdateTrail",
  ]

  # A call names its trail by name or by ARN.
  trail_names = flatten([for arn in var.watch_trail_arns : [arn, element(split("trail/", arn), 1)]])

  # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsconfig.html
  recorder_calls = [
    "DeleteConfigRule",
    "DeleteConfigurationRecorder",
    "DeleteDeliveryChannel",
    "DeleteRetentionConfiguration",
    "DisassociateResourceTypes",
    "PutConfigurationRecorder",
    "PutDeliveryChannel",
    "PutRetentionConfiguration",
    "StopConfigurationRecorder",
  ]

  # CloudTrail names some of these by the operation and some by the permission, so both are here.
  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html#cloudtrail-bucket-level-tracking
  bucket_calls = [
    "DeleteBucket",
    "DeleteBucketEncryption",
    "DeleteBucketLifecycle",
    "DeleteBucketOwnershipControls",
    "DeleteBucketPolicy",
    "DeleteBucketPublicAccessBlock",
    "DeletePublicAccessBlock",
    "PutBucketAcl",
    "PutBucketEncryption",
    "PutBucketLifecycle",
    "PutBucketLifecycleConfiguration",
    "PutBucketObjectLockConfiguration",
    "PutBucketOwnershipControls",
    "PutBucketPolicy",
    "PutBucketPublicAccessBlock",
    "PutBucketReplication",
    "PutBucketVersioning",
    "PutObjectLockConfiguration",
    "PutPublicAccessBlock",
  ]

  # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
  key_calls = ["DisableKey", "DisableKeyRotation", "PutKeyPolicy", "ScheduleKeyDeletion"]

  # Each service has its own word for a denial: AccessDenied (S3), AccessDeniedException, Client.UnauthorizedOperation (EC2),
  # ForbiddenException (App Mesh), AuthorizationError (SNS), KMSAccessDeniedException …
  # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
  denial_codes = [
    { prefix = "AccessDenied" },
    { suffix = "AccessDenied" },
    { suffix = "AccessDeniedException" },
    { suffix = "UnauthorizedOperation" },
    "AuthorizationError",
    "ForbiddenException",
    "UnauthorizedException",
  ]
}
