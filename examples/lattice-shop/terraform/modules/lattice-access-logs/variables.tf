variable "name" {
  description = "The prefix of every name; the log group is /aws/vendedlogs/vpc-lattice/<name>."
  type        = string

  # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", var.name))
    error_message = "The name has up to 100 letters, digits, dots, underscores and hyphens, and begins with a letter or digit."
  }
}

variable "resource_ids" {
  description = "The service networks and services whose requests are logged: label to id or ARN (the ARN where it is another account's). Labels are yours, ids may be known only after apply."
  type        = map(string)

  validation {
    condition     = length(var.resource_ids) > 0
    error_message = "There is at least one service network or service."
  }

  # https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_CreateAccessLogSubscription.html
  # Emulators of AWS make ids with hyphens, which are let through.
  validation {
    condition = alltrue([
      for id in values(var.resource_ids) :
      can(regex("^((sn|svc)-[0-9a-z-]{17}|arn:[a-z-]+:vpc-lattice:[a-z0-9-]+:[0-9]{12}:(servicenetwork/sn|service/svc)-[0-9a-z-]{17})$", id))
    ])
    error_message = "A service network is sn- and a service svc- with 17 letters or digits, or the ARN of one."
  }
}

variable "log_group" {
  description = "Whether the logs go to a CloudWatch log group, which this module makes."
  type        = bool
  default     = true
}

variable "retention_days" {
  description = "After how many days CloudWatch deletes them."
  type        = number
  default     = 400

  # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.retention_days
    )
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }
}

variable "bucket_arn" {
  description = "A bucket that the logs go to as well, or instead; empty for none. A prefix may follow, after a slash."
  type        = string
  default     = ""

  validation {
    condition     = var.bucket_arn == "" || can(regex("^arn:[a-z-]+:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*[^/])?$", var.bucket_arn))
    error_message = "The bucket is given by its ARN, arn:aws:s3:::NAME."
  }
}

variable "key_arn" {
  description = "The KMS key of the log group, whose policy lets CloudWatch Logs use it; empty for encryption by CloudWatch itself."
  type        = string
  default     = ""

  validation {
    condition     = var.key_arn == "" || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.key_arn))
    error_message = "The key is given by its ARN, arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "tags" {
  description = "Tags of every resource that takes tags."
  type        = map(string)
  default     = {}
}
