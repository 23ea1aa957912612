locals {
  # In a key policy the resource * is the key itself.
  # https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
  key_statements = [for item in [
    {
      # Without it nobody could change the key any more.
      # https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
      needed = true
      statement = {
        Sid       = "Enable IAM User Permissions"
        Effect    = "Allow"
        Principal = { AWS = local.account_root }
        Action    = "kms:*"
        Resource  = "*"
      }
    },
    {
      # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-encrypt
      needed = length(local.trail_arns) > 0
      statement = {
        Sid       = "AllowCloudTrailEncryptLogs"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:GenerateDataKey*"
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceArn" = local.trail_arns }
          StringLike = {
            "kms:EncryptionContext:aws:cloudtrail:arn" = [
              for account in local.trail_accounts : "arn:${var.partition}:cloudtrail:*:${account}:trail/*"
            ]
          }
        }
      }
    },
    {
      # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-describe
      needed = length(local.trail_arns) > 0
      statement = {
        Sid       = "AllowCloudTrailAccess"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:DescribeKey"
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceArn" = local.trail_arns } }
      }
    },
    {
      # Needed to create or update a trail because the bucket has an S3 Bucket Key. AWS documents it without a condition.
      # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt
      needed = length(local.trail_arns) > 0
      statement = {
        Sid       = "AllowCloudTrailDecryptTrail"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:Decrypt"
        Resource  = "*"
      }
    },
    {
      # https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html#granting-access-s3-kms-key
      needed = length(local.config_accounts) > 0
      statement = {
        Sid       = "AWSConfigKMSPolicy"
        Effect    = "Allow"
        Principal = { Service = "config.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = { StringEquals = { "AWS:SourceAccount" = local.config_accounts } }
      }
    },
    {
      # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt
      needed = length(var.reader_role_arns) > 0
      statement = {
        Sid       = "EnableCloudTrailLogDecryptPermissions"
        Effect    = "Allow"
        Principal = { AWS = var.reader_role_arns }
        Action    = "kms:Decrypt"
        Resource  = "*"
        Condition = { Null = { "kms:EncryptionContext:aws:cloudtrail:arn" = "false" } }
      }
    },
    {
      # What Config delivers has no trail in its encryption context; with an S3 Bucket Key the context is the bucket's ARN.
      # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html#bucket-key-policies
      needed = length(var.reader_role_arns) > 0
      statement = {
        Sid       = "ReadersDecryptThroughBucket"
        Effect    = "Allow"
        Principal = { AWS = var.reader_role_arns }
        Action    = "kms:Decrypt"
        Resource  = "*"
        Condition = { StringLike = { "kms:EncryptionContext:aws:s3:arn" = [local.bucket_arn, "${local.bucket_arn}/*"] } }
      }
    },
  ] : item.statement if item.needed]

  key_policy      = jsonencode({ Version = "2012-10-17", Statement = local.key_statements })
  key_policy_size = length(local.key_policy)
}

resource "aws_kms_key" "archive" {
  description             = "Encrypts the log files in ${var.bucket_name}"
  enable_key_rotation     = true
  deletion_window_in_days = var.key_deletion_window_days
  policy                  = local.key_policy
  tags                    = var.tags

  lifecycle {
    # https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
    precondition {
      condition     = local.key_policy_size <= 32768
      error_message = "The key policy is larger than the 32 KB that KMS allows: use an organization trail, or a second archive."
    }
  }
}

resource "aws_kms_alias" "archive" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.archive.key_id
}
