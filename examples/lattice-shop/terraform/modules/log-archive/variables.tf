variable "name" {
  type        = string
  description = "The key's alias is alias/<name>; the other resources are named after the bucket."

  # https://docs.aws.amazon.com/kms/latest/developerguide/alias-create.html
  validation {
    condition     = can(regex("^[a-zA-Z0-9/_-]{1,250}$", var.name)) && !startswith(var.name, "aws/")
    error_message = "An alias is 1 to 250 letters, digits, dashes, underscores and slashes, and does not begin with aws/."
  }
}

variable "bucket_name" {
  type        = string
  description = "The bucket that log files are delivered to: a name that nobody else in the world uses."

  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  validation {
    condition = (
      can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket_name))
      && !can(regex("[.]{2}|[.]-|-[.]", var.bucket_name))
      && !can(regex("^[0-9]+([.][0-9]+){3}$", var.bucket_name))
    )
    error_message = "A bucket name is 3 to 63 lower-case letters, digits, dashes and single periods, begins and ends with a letter or a digit, and is no IP address."
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
  description = "The region of the provider, in which the bucket and the key are made."

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region looks like eu-west-1."
  }
}

variable "account_id" {
  type        = string
  description = "The account of the provider, which owns the bucket and the key."

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id is twelve digits, as a string."
  }
}

variable "trail_arns" {
  type        = list(string)
  default     = []
  description = "ARNs of the accounts' own trails that deliver here; each account comes from the ARN."

  validation {
    condition     = alltrue([for arn in var.trail_arns : can(regex("^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:[0-9]{12}:trail/[A-Za-z0-9._-]{3,128}$", arn))])
    error_message = "A trail's ARN looks like arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit."
  }
}

variable "organization_trail_arn" {
  type        = string
  default     = ""
  description = "ARN of the organization trail that delivers here, with the management account's id in it, also when a delegated administrator made it."

  validation {
    condition     = var.organization_trail_arn == "" || can(regex("^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:[0-9]{12}:trail/[A-Za-z0-9._-]{3,128}$", var.organization_trail_arn))
    error_message = "A trail's ARN looks like arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit."
  }
}

variable "organization_id" {
  type        = string
  default     = ""
  description = "The organization's id; needed with organization_trail_arn, because log files of the organization lie under AWSLogs/<organization id>/."

  # https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
  validation {
    condition     = var.organization_id == "" || can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "An organization's id looks like o-a1b2c3d4e5."
  }
}

variable "config_accounts" {
  type        = list(string)
  default     = []
  description = "Accounts whose AWS Config delivers here."

  validation {
    condition     = alltrue([for account in var.config_accounts : can(regex("^[0-9]{12}$", account))])
    error_message = "An account id is twelve digits, as a string."
  }
}

variable "config_role_arns" {
  type        = list(string)
  default     = []
  description = "Roles of the recorders in other accounts: AWS Config looks with them whether the bucket exists. They need not exist yet."

  validation {
    condition     = alltrue([for arn in var.config_role_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", arn))])
    error_message = "A role's ARN looks like arn:aws:iam::111122223333:role/config."
  }
}

variable "retention_days" {
  type        = number
  default     = 400
  description = "A log file is kept so long, and once more so long after it was deleted or overwritten."

  validation {
    condition     = var.retention_days >= 1 && floor(var.retention_days) == var.retention_days
    error_message = "The retention is a whole number of days, at least 1."
  }
}

variable "glacier_after_days" {
  type        = number
  default     = 0
  description = "Log files of at least 128 KB move to S3 Glacier Instant Retrieval after so many days; 0: never. Athena goes on reading them."

  validation {
    condition     = var.glacier_after_days >= 0 && floor(var.glacier_after_days) == var.glacier_after_days
    error_message = "A whole number of days, or 0."
  }
}

variable "object_lock_mode" {
  type        = string
  default     = ""
  description = "GOVERNANCE or COMPLIANCE: nobody deletes a log file before its lock ends. Empty: no lock. Chosen once, when the bucket is made."

  validation {
    condition     = contains(["", "GOVERNANCE", "COMPLIANCE"], var.object_lock_mode)
    error_message = "The mode is GOVERNANCE, COMPLIANCE or empty."
  }
}

variable "object_lock_days" {
  type        = number
  default     = 0
  description = "How long the lock holds; at most retention_days."

  validation {
    condition     = var.object_lock_days >= 0 && floor(var.object_lock_days) == var.object_lock_days
    error_message = "A whole number of days, or 0."
  }
}

variable "reader_role_arns" {
  type        = list(string)
  default     = []
  description = "Roles, of any account, that may read and decrypt what is delivered. They must exist: AWS refuses a policy that names a role that does not."

  validation {
    condition     = alltrue([for arn in var.reader_role_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", arn))])
    error_message = "A role's ARN looks like arn:aws:iam::111122223333:role/auditor."
  }
}

variable "key_deletion_window_days" {
  type        = number
  default     = 30
  description = "How long AWS waits before it deletes the key for good: 7 to 30 days."

  # https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
  validation {
    condition     = var.key_deletion_window_days >= 7 && var.key_deletion_window_days <= 30
    error_message = "The window is 7 to 30 days."
  }
}

variable "force_destroy" {
  type        = bool
  default     = false
  description = "Destroying the bucket destroys the log files in it."
}

variable "tags" {
  type        = map(string)
  default     = {}
  description = "Tags of the bucket and the key."
}
