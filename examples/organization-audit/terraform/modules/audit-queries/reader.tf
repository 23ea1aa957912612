# What a person or a job needs to ask, and nothing more.
# https://docs.aws.amazon.com/athena/latest/ug/example-policies-workgroup.html
locals {
  archive_arn = "arn:${var.partition}:s3:::${var.archive_bucket}"
  glue        = "arn:${var.partition}:glue:${var.region}:${var.account_id}"

  reader_policy = {
    Version = "2012-10-17"
    Statement = concat([
      {
        Sid    = "RunQueries"
        Effect = "Allow"
        Action = [
          "athena:BatchGetNamedQuery", "athena:BatchGetQueryExecution", "athena:GetNamedQuery", "athena:GetQueryExecution",
          "athena:GetQueryResults", "athena:GetWorkGroup", "athena:ListNamedQueries", "athena:ListQueryExecutions",
          "athena:StartQueryExecution", "athena:StopQueryExecution",
        ]
        Resource = [local.workgroup_arn]
      },
      # https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html
      {
        Sid      = "ReadTables"
        Effect   = "Allow"
        Action   = ["glue:GetDatabase", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"]
        Resource = ["${local.glue}:catalog", "${local.glue}:database/${local.database}", "${local.glue}:table/${local.database}/*"]
      },
      # https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html
      {
        Sid      = "FindObjects"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation", "s3:ListBucket"]
        Resource = [local.archive_arn, local.results_arn]
      },
      {
        Sid      = "ReadObjects"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = ["${local.archive_arn}/AWSLogs/*", "${local.results_arn}/*"]
      },
      {
        Sid      = "WriteResults"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"]
        Resource = ["${local.results_arn}/results/*"]
      },
      ],
      # https://docs.aws.amazon.com/athena/latest/ug/encryption.html
      [for key in compact(distinct([var.archive_key_arn, var.results_key_arn])) : {
        Sid      = key == var.results_key_arn ? "UseResultsKey" : "UseArchiveKey"
        Effect   = "Allow"
        Action   = key == var.results_key_arn ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"]
        Resource = [key]
    }])
  }
}
