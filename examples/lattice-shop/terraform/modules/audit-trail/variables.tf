variable "name" {
  type        = string
  description = "The trail's name; the log group, its role, the topic and the key's alias are named after it."

  # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html
  validation {
    condition = (
      can(regex("^[a-zA-Z0-9]+([._-][a-zA-Z0-9]+)*$", var.name))
      && length(var.name) >= 3
      && length(var.name) <= 128
      && !can(regex("^[0-9]+([.][0-9]+){3}$", var.name))
    )
    error_message = "A trail's name is 3 to 128 letters, digits, periods, underscores and dashes, begins and ends with a letter or a digit, has no two of the others side by side, and is no IP address."
  }
}

variable "partition" {
  type        = string
  default     = "aws"
  description = "The partition of every ARN: aws, aws-cn or aws-us-gov."

  validation {
    condition     = contains(["aws", "aws-cn", "aws-us-gov"], var.partition)
    error_message = "The partition is aws, aws-cn or aws-us-gov."
  }
}

variable "region" {
  type        = string
  description = "The region of the provider, which becomes the trail's home region."

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region looks like eu-west-1."
  }
}

variable "account_id" {
  type        = string
  description = "The account of the provider."

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id is twelve digits, as a string."
  }
}

variable "archive_bucket" {
  type        = string
  default     = ""
  description = "The bucket to deliver to, with a policy that names this trail. Empty: the module makes an archive of its own, named by bucket_name."
}

variable "archive_key_arn" {
  type        = string
  default     = ""
  description = "The key, or an alias of it, that the log files in archive_bucket are encrypted with. Empty: the encryption that S3 has by itself."

  # Either form: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
  validation {
    condition     = var.archive_key_arn == "" || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/.+$", var.archive_key_arn))
    error_message = "A key's ARN looks like arn:aws:kms:eu-west-1:111122223333:key/1234abcd-…, an alias's like arn:aws:kms:eu-west-1:111122223333:alias/audit."
  }
}

variable "bucket_name" {
  type        = string
  default     = ""
  description = "The name of the module's own bucket, when there is no archive_bucket."
}

variable "organization_id" {
  type        = string
  default     = ""
  description = "The organization whose accounts are all recorded. Empty: only this account."

  # https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
  validation {
    condition     = var.organization_id == "" || can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "An organization's id looks like o-a1b2c3d4e5."
  }
}

variable "management_account_id" {
  type        = string
  default     = ""
  description = "The organization's management account: it owns an organization trail, also one that a delegated administrator makes. Needed with organization_id."

  validation {
    condition     = var.management_account_id == "" || can(regex("^[0-9]{12}$", var.management_account_id))
    error_message = "An account id is twelve digits, as a string."
  }
}

variable "cloudwatch_logs_retention_days" {
  type        = number
  default     = 0
  description = "Events go to a CloudWatch Logs group, too, and stay there for so many days; 0: no log group."

  # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
  validation {
    condition = contains(
      [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.cloudwatch_logs_retention_days,
    )
    error_message = "CloudWatch Logs keeps events for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }
}

variable "sns" {
  type        = bool
  default     = false
  description = "An SNS topic is told of each log file that is delivered."
}

variable "insights" {
  type        = list(string)
  default     = []
  description = "The rates that CloudTrail watches for unusual values: ApiCallRateInsight, ApiErrorRateInsight. It charges for them."

  # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_InsightSelector.html
  validation {
    condition     = alltrue([for insight in var.insights : contains(["ApiCallRateInsight", "ApiErrorRateInsight"], insight)])
    error_message = "An insight is ApiCallRateInsight or ApiErrorRateInsight."
  }
}

variable "data_event_selectors" {
  type = map(object({
    resource_type         = string
    resource_arn_prefixes = optional(list(string), [])
    read_only             = optional(string, "")
  }))
  default     = {}
  description = "Data events to record: what the selector is called, the type of the resources (AWS::S3::Object), what their ARNs begin with (all of them when there is nothing), and read_only: true, false or both when empty. CloudTrail charges for them."

  validation {
    condition     = alltrue([for selector in values(var.data_event_selectors) : can(regex("^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$", selector.resource_type))])
    error_message = "A resource type looks like AWS::S3::Object."
  }
  validation {
    condition     = alltrue([for selector in values(var.data_event_selectors) : contains(["", "true", "false"], selector.read_only)])
    error_message = "read_only is true, false or empty."
  }
  validation {
    condition     = alltrue(flatten([for selector in values(var.data_event_selectors) : [for prefix in selector.resource_arn_prefixes : startswith(prefix, "arn:aws")]]))
    error_message = "A prefix of an ARN begins with arn:aws."
  }
}

variable "network_activity_sources" {
  type        = list(string)
  default     = []
  description = "Services whose calls through VPC endpoints are recorded, allowed or denied, such as appmesh.amazonaws.com. CloudTrail charges for them."

  # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html#logging-network-events
  validation {
    condition     = alltrue([for source in var.network_activity_sources : can(regex("^[a-z0-9-]+[.]amazonaws[.]com$", source))])
    error_message = "An event source looks like appmesh.amazonaws.com."
  }
  validation {
    condition     = alltrue([for source in var.network_activity_sources : !startswith(source, "vpc-lattice")])
    error_message = "CloudTrail has no network activity events of VPC Lattice: its requests are in Lattice's own access logs."
  }
}

variable "config_accounts" {
  type        = list(string)
  default     = []
  description = "Accounts whose AWS Config delivers to the module's own archive."
}

variable "reader_role_arns" {
  type        = list(string)
  default     = []
  description = "Existing roles that may read and decrypt the module's own archive."
}

variable "retention_days" {
  type        = number
  default     = 400
  description = "How long the module's own archive keeps a log file."
}

variable "object_lock_mode" {
  type        = string
  default     = ""
  description = "The lock of the module's own archive: GOVERNANCE, COMPLIANCE or none."
}

variable "object_lock_days" {
  type        = number
  default     = 0
  description = "How long the lock of the module's own archive holds."
}

variable "force_destroy" {
  type        = bool
  default     = false
  description = "Destroying the module's own archive destroys the log files in it."
}

variable "tags" {
  type        = map(string)
  default     = {}
  description = "Tags of everything that can have them."
}
