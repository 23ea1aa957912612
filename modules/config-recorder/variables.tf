variable "name" {
  type        = string
  description = "What the names of roles, rules and the aggregator begin with."

  # A role's name has 64 characters: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,44}$", var.name))
    error_message = "The name is 1 to 45 letters, digits, dashes and underscores, and begins with a letter or a digit."
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
  description = "The region of the provider, in which the recorder and the rules are."

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region looks like eu-west-1."
  }
}

variable "account_id" {
  type        = string
  description = "The account of the provider, whose resources are recorded."

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id is 12 digits."
  }
}

variable "create_recorder" {
  type        = bool
  default     = true
  description = "Whether to make the recorder, its delivery channel and its role. An account has one recorder in a region; with false, the rules use the one that is there."
}

variable "recorder_name" {
  type        = string
  default     = "default"
  description = "The name of the recorder and of the delivery channel. Neither can be renamed in AWS."

  # https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationRecorder.html
  validation {
    condition     = length(var.recorder_name) >= 1 && length(var.recorder_name) <= 256 && !startswith(var.recorder_name, "AWSConfigurationRecorderFor")
    error_message = "A recorder's name is 1 to 256 characters and does not begin with AWSConfigurationRecorderFor."
  }
}

variable "archive_bucket" {
  type        = string
  description = "The name of the bucket that snapshots and history are delivered to. Its policy lets this account's AWS Config write, and it has no object lock."

  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.archive_bucket))
    error_message = "A bucket name is 3 to 63 lower-case letters, digits, dashes and periods."
  }
}

variable "archive_key_arn" {
  type        = string
  default     = ""
  description = "The KMS key that deliveries are encrypted with, in the bucket's region. Empty: the bucket's own default."

  validation {
    condition     = var.archive_key_arn == "" || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.archive_key_arn))
    error_message = "A key's ARN looks like arn:aws:kms:eu-west-1:111122223333:key/…; an alias is not taken."
  }
}

variable "service_linked_role" {
  type        = bool
  default     = false
  description = "Whether the recorder uses AWSServiceRoleForConfig, which must exist in the account, instead of a role of its own."
}

variable "resource_types" {
  type        = list(string)
  default     = []
  description = "The resource types to record. Empty: the types of meshes, identities, compute and audit that are listed in the README."

  validation {
    condition     = alltrue([for type in var.resource_types : can(regex("^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$", type))])
    error_message = "A resource type looks like AWS::IAM::Role."
  }

  validation {
    condition     = alltrue([for type in var.resource_types : !startswith(type, "AWS::VpcLattice::")])
    error_message = "AWS Config records no type of VPC Lattice."
  }
}

variable "record_global_types" {
  type        = bool
  default     = true
  description = "Whether IAM's types are recorded here, and the rules about roles made. True in exactly one region of an account."
}

variable "recording_frequency" {
  type        = string
  default     = "CONTINUOUS"
  description = "CONTINUOUS, or DAILY: one configuration item a day for what changed, and rules that notice as late."

  validation {
    condition     = contains(["CONTINUOUS", "DAILY"], var.recording_frequency)
    error_message = "The recording frequency is CONTINUOUS or DAILY."
  }
}

variable "delivery_frequency" {
  type        = string
  default     = "TwentyFour_Hours"
  description = "How often a snapshot is delivered: One_Hour, Three_Hours, Six_Hours, Twelve_Hours or TwentyFour_Hours."

  # https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigSnapshotDeliveryProperties.html
  validation {
    condition     = contains(["One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"], var.delivery_frequency)
    error_message = "The delivery frequency is One_Hour, Three_Hours, Six_Hours, Twelve_Hours or TwentyFour_Hours."
  }
}

variable "topic_arn" {
  type        = string
  default     = ""
  description = "The SNS topic that AWS Config tells of every change. Empty: none."

  validation {
    condition     = var.topic_arn == "" || can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.topic_arn))
    error_message = "A topic's ARN looks like arn:aws:sns:eu-west-1:111122223333:changes; a FIFO topic is not taken."
  }
}

variable "managed_rules" {
  type = map(object({
    identifier     = string
    resource_types = optional(list(string))
    parameters     = optional(map(string))
    frequency      = optional(string)
  }))
  default     = {}
  description = "Managed rules by name: the source identifier (not the rule's name in lower case), the types it is limited to, its parameters, and how often a periodic one runs."

  validation {
    condition     = alltrue([for rule in values(var.managed_rules) : can(regex("^[A-Z0-9][A-Z0-9_]{0,255}$", rule.identifier))])
    error_message = "A managed rule's identifier is upper case with underscores, like CLOUD_TRAIL_ENABLED."
  }

  validation {
    condition     = alltrue([for name in keys(var.managed_rules) : can(regex("^[A-Za-z0-9_-]{1,82}$", name))])
    error_message = "A rule's name is 1 to 82 letters, digits, dashes and underscores: with the name before it, AWS takes 128."
  }

  validation {
    condition = alltrue([
      for rule in values(var.managed_rules) :
      contains(["One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"], coalesce(rule.frequency, "One_Hour"))
    ])
    error_message = "A rule's frequency is One_Hour, Three_Hours, Six_Hours, Twelve_Hours or TwentyFour_Hours."
  }
}

variable "mesh_role_pattern" {
  type        = string
  default     = ""
  description = "A regular expression over the names of the mesh's workload roles, anchored with ^ and $; the Guard rules are about the roles that it matches. Empty: no Guard rules."

  # No name of a role holds a slash, and Guard 2's regular expressions have neither look-around nor back references.
  validation {
    condition     = !can(regex("/|[(][?]|\\\\[1-9]|[\\r\\n]", var.mesh_role_pattern))
    error_message = "The pattern holds no slash, no (?…) and no back reference: AWS Config runs Guard 2."
  }
}

variable "mesh_role_tags" {
  type        = list(string)
  default     = ["meshrole:mesh", "meshrole:workload"]
  description = "The tags that a mesh role carries, with any value but an empty one. Empty: no rule about tags."

  # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
  validation {
    condition     = alltrue([for tag in var.mesh_role_tags : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{1,128}$", tag))])
    error_message = "A tag's key is 1 to 128 letters, digits, spaces and _.:/=+-@."
  }
}

variable "boundary_pattern" {
  type        = string
  default     = ""
  description = "A regular expression over the ARN of the permissions boundary of every mesh role, anchored with ^ and $. Empty: no rule about boundaries."

  validation {
    condition     = !can(regex("[(][?]|\\\\[1-9]|[\\r\\n]", var.boundary_pattern))
    error_message = "The pattern holds no (?…) and no back reference: AWS Config runs Guard 2."
  }
}

variable "bounded_role_pattern" {
  type        = string
  default     = ""
  description = "A regular expression over the names of the mesh roles that have a permissions boundary, anchored with ^ and $. Empty: all that mesh_role_pattern takes."

  validation {
    condition     = !can(regex("[(][?]|\\\\[1-9]|[/\\r\\n]", var.bounded_role_pattern))
    error_message = "The pattern holds no (?…), no back reference and no slash: AWS Config runs Guard 2."
  }
}

variable "aggregator" {
  type        = string
  default     = ""
  description = "Whose data this account sees in one place: organization (it is the management account or a delegated administrator of AWS Config), accounts, or nobody's (empty)."

  validation {
    condition     = contains(["", "organization", "accounts"], var.aggregator)
    error_message = "The aggregator is organization, accounts, or empty."
  }
}

variable "aggregator_accounts" {
  type        = list(string)
  default     = []
  description = "The accounts that aggregator = \"accounts\" gathers; each authorizes this one with aggregation_account_id."

  validation {
    condition     = alltrue([for account in var.aggregator_accounts : can(regex("^[0-9]{12}$", account))])
    error_message = "An account id is 12 digits."
  }
}

variable "aggregator_regions" {
  type        = list(string)
  default     = []
  description = "The regions that the aggregator gathers. Empty: all, those that AWS adds included."
}

variable "aggregation_account_id" {
  type        = string
  default     = ""
  description = "The account whose aggregator may gather this account's data. Empty: none; an organization's aggregator needs none."

  validation {
    condition     = var.aggregation_account_id == "" || can(regex("^[0-9]{12}$", var.aggregation_account_id))
    error_message = "An account id is 12 digits."
  }
}

variable "aggregation_region" {
  type        = string
  default     = ""
  description = "The region of that aggregator. Empty: this region."
}

variable "tags" {
  type        = map(string)
  default     = {}
  description = "Tags of everything that can carry them."
}
