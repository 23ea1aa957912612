variable "name" {
  type        = string
  description = "The name of the topic, and what the name of every rule begins with."

  validation {
    # Rule names have at most 64 characters; the longest suffix, -instance-profiles, has 18.
    condition     = can(regex("^[A-Za-z0-9_-]{1,46}$", var.name))
    error_message = "A name has 1 to 46 letters, digits, hyphens or underscores."
  }
}

variable "partition" {
  type        = string
  default     = "aws"
  description = "The partition of the account: aws, aws-cn, aws-us-gov or another."
}

variable "region" {
  type        = string
  description = "The region in which the rules are made. A rule sees the calls of its own region only."
}

variable "account_id" {
  type        = string
  description = "The account whose calls are watched, and in which the rules are made."

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has 12 digits."
  }
}

variable "topic_arn" {
  type        = string
  default     = ""
  description = "An SNS topic in the same region to publish to, whose policy lets events.amazonaws.com publish. Empty: a topic is made."

  validation {
    condition     = var.topic_arn == "" || can(regex("^arn:[^:]+:sns:[^:]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", var.topic_arn))
    error_message = "The ARN of a standard SNS topic is needed: arn:aws:sns:REGION:ACCOUNT:NAME."
  }
}

variable "create_topic" {
  type        = bool
  default     = null
  description = "Whether a topic is made. By default it is when topic_arn is empty; say it where topic_arn is known after apply only."
}

variable "emails" {
  type        = list(string)
  default     = []
  description = "Addresses that are subscribed to the topic. Each must confirm the message that SNS sends before it receives alarms."

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@[:space:]]+@[^@[:space:]]+$", email))])
    error_message = "An e-mail address is needed."
  }
}

variable "key_arn" {
  type        = string
  default     = ""
  description = "A customer managed KMS key that encrypts the topic that is made. Its policy must let events.amazonaws.com use it (see below)."
}

variable "pattern_size_limit" {
  type        = number
  default     = 2048
  description = "The account's quota for the size of an event pattern, in characters. AWS raises it on request."

  validation {
    condition     = var.pattern_size_limit >= 2048 && var.pattern_size_limit <= 4096
    error_message = "The quota is 2,048 characters, and 4,096 at most."
  }
}

variable "role_name_prefixes" {
  type        = list(string)
  default     = []
  description = "What the names of the watched roles, and of their instance profiles, begin with."

  validation {
    condition     = alltrue([for prefix in var.role_name_prefixes : can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", prefix))])
    error_message = "A prefix of role names has 1 to 64 of the characters that IAM allows in a role name, and no wildcard."
  }
}

variable "role_names" {
  type        = list(string)
  default     = []
  description = "Names of watched roles that no prefix covers."

  validation {
    condition     = alltrue([for name in var.role_names : can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", name))])
    error_message = "A role name has 1 to 64 letters, digits and _+=,.@-; no path, no wildcard."
  }
}

variable "policy_name_prefixes" {
  type        = list(string)
  default     = []
  description = "What the names of the watched managed policies begin with, whatever their path."

  validation {
    condition     = alltrue([for prefix in var.policy_name_prefixes : can(regex("^[A-Za-z0-9_+=,.@-]{1,128}$", prefix))])
    error_message = "A prefix of policy names has 1 to 128 of the characters that IAM allows in a policy name, and no wildcard."
  }
}

variable "administrators" {
  type        = list(string)
  default     = []
  description = "ARNs of the roles that may change watched roles and policies without an alarm; * stands for any characters."

  validation {
    # A user has no session issuer, and ? is no wildcard of EventBridge, which refuses two * in a row.
    condition = alltrue([
      for arn in var.administrators : can(regex("^arn:[^:]+:iam::([0-9]{12}|[*]):role/[A-Za-z0-9_+=,.@/*-]+$", arn)) && !strcontains(arn, "**")
    ])
    error_message = "An administrator is the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME, with its path); only * is a wildcard, never two in a row."
  }
}

variable "watch_roles" {
  type        = bool
  default     = false
  description = "Whether changes of the watched roles, instance profiles and policies raise an alarm. IAM is seen in us-east-1 only."
}

variable "watch_trail_arns" {
  type        = list(string)
  default     = []
  description = "Trails whose stop, deletion or change raises an alarm. Their home region is the region of the rules."

  validation {
    condition     = alltrue([for arn in var.watch_trail_arns : can(regex("^arn:[^:]+:cloudtrail:[^:]+:[0-9]{12}:trail/[A-Za-z0-9._-]+$", arn))])
    error_message = "The ARN of a trail is needed: arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME."
  }
}

variable "watch_recorder" {
  type        = bool
  default     = false
  description = "Whether a stop, deletion or change of the AWS Config recorder or delivery channel, or a deleted rule, raises an alarm."
}

variable "watch_bucket_name" {
  type        = string
  default     = ""
  description = "The log bucket whose deletion, or change of policy, access, encryption, lifecycle, versioning or lock, raises an alarm."
}

variable "watch_bucket" {
  type        = bool
  default     = null
  description = "Whether the log bucket is watched. By default it is when watch_bucket_name is given; say it where the name is known after apply only."
}

variable "watch_key_arn" {
  type        = string
  default     = ""
  description = "The KMS key whose disabling, scheduled deletion, stopped rotation or change of policy raises an alarm."

  validation {
    condition     = var.watch_key_arn == "" || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.watch_key_arn))
    error_message = "The ARN of a KMS key, not of an alias, is needed: arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "watch_key" {
  type        = bool
  default     = null
  description = "Whether the key is watched. By default it is when watch_key_arn is given; say it where the ARN is known after apply only."
}

variable "watch_denials" {
  type        = bool
  default     = false
  description = "Whether every denied call of a watched role in this region raises an alarm, read-only calls included."
}

variable "watch_envoy_denials" {
  type        = bool
  default     = false
  description = "Whether an Envoy that App Mesh refuses its configuration raises an alarm. Such refusals have no error code."
}

variable "tags" {
  type        = map(string)
  default     = {}
  description = "Tags of the topic and the rules."
}
