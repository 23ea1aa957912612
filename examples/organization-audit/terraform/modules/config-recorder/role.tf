locals {
  own_role     = var.create_recorder && !var.service_linked_role
  role_name    = "${var.name}-config"
  own_role_arn = "arn:${var.partition}:iam::${var.account_id}:role/${local.role_name}"
  # https://docs.aws.amazon.com/config/latest/developerguide/using-service-linked-roles.html
  linked_role_arn = "arn:${var.partition}:iam::${var.account_id}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
  role_arn        = !var.create_recorder ? "" : var.service_linked_role ? local.linked_role_arn : local.own_role_arn
  archive_arn     = "arn:${var.partition}:s3:::${var.archive_bucket}"

  # https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html#iam-trust-policy
  trust_statements = [{
    Sid       = "AssumeForThisAccount"
    Effect    = "Allow"
    Principal = { Service = "config.amazonaws.com" }
    Action    = "sts:AssumeRole"
    Condition = { StringEquals = { "AWS:SourceAccount" = var.account_id } }
  }]

  delivery_statements = concat(
    [
      # Snapshots and history, under this account's prefix only:
      # https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html#iam-role-policies-S3-bucket
      {
        Sid       = "Deliver"
        Effect    = "Allow"
        Action    = ["s3:PutObject", "s3:PutObjectAcl"]
        Resource  = ["${local.archive_arn}/AWSLogs/${var.account_id}/*"]
        Condition = { StringLike = { "s3:x-amz-acl" = "bucket-owner-full-control" } }
      },
    ],
    [
      # It looks whether the bucket is its to write to (same page).
      {
        Sid      = "SeeWhoOwnsTheBucket"
        Effect   = "Allow"
        Action   = ["s3:GetBucketAcl"]
        Resource = [local.archive_arn]
      },
    ],
    # https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html#iam-role-policies-S3-kms-key
    [for key in compact([var.archive_key_arn]) : {
      Sid      = "Encrypt"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = [key]
    }],
    # https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html#iam-role-policies-sns-topic
    [for topic in compact([var.topic_arn]) : {
      Sid      = "Tell"
      Effect   = "Allow"
      Action   = ["sns:Publish"]
      Resource = [topic]
    }],
  )
}

resource "aws_iam_role" "recorder" {
  count = local.own_role ? 1 : 0

  name               = local.role_name
  description        = "AWS Config reads what it records and delivers it to ${var.archive_bucket}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = local.trust_statements })
  tags               = var.tags
}

resource "aws_iam_role_policy" "delivery" {
  count = local.own_role ? 1 : 0

  name   = "delivery"
  role   = aws_iam_role.recorder[0].name
  policy = jsonencode({ Version = "2012-10-17", Statement = local.delivery_statements })
}

# Reads every type that AWS Config records: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWS_ConfigRole.html
resource "aws_iam_role_policy_attachment" "recorder" {
  count = local.own_role ? 1 : 0

  role       = aws_iam_role.recorder[0].name
  policy_arn = "arn:${var.partition}:iam::aws:policy/service-role/AWS_ConfigRole"
}
