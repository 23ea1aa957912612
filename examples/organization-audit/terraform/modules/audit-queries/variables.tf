variable "name" {
  description = "The prefix of every name; the Glue database has it with underscores."
  type        = string

  # A database's name: https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html
  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", var.name))
    error_message = "The name has 1 to 63 lower-case letters, digits and hyphens, begins with a letter and ends with none of the hyphens."
  }
}

variable "partition" {
  description = "The AWS partition of every ARN."
  type        = string
  default     = "aws"

  validation {
    condition     = contains(["aws", "aws-cn", "aws-us-gov"], var.partition)
    error_message = "The partition is aws, aws-cn or aws-us-gov."
  }
}

variable "region" {
  description = "The region in which the queries run; the archive's bucket is there too."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "The region is written like eu-west-1."
  }
}

variable "account_id" {
  description = "The account that owns the workgroup, the tables and the results."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has 12 digits."
  }
}

variable "archive_bucket" {
  description = "The bucket that the trails deliver to."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.archive_bucket))
    error_message = "A bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens and begins and ends with a letter or digit."
  }
}

variable "archive_key_arn" {
  description = "The KMS key of the trail's objects, named in the readers' policy; empty where they are not encrypted with a key of yours."
  type        = string
  default     = ""

  validation {
    condition     = var.archive_key_arn == "" || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.archive_key_arn))
    error_message = "The key is given by its ARN, arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "results_bucket_name" {
  description = "The bucket to make for the results of queries and for the table of roles."
  type        = string

  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.results_bucket_name)) && !strcontains(var.results_bucket_name, "..")
    error_message = "A bucket's name has 3 to 63 lower-case letters, digits, single dots and hyphens and begins and ends with a letter or digit."
  }
}

variable "results_key_arn" {
  description = "A KMS key for the results (SSE-KMS); empty for keys that S3 manages (SSE-S3)."
  type        = string
  default     = ""

  validation {
    condition     = var.results_key_arn == "" || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.results_key_arn))
    error_message = "The key is given by its ARN, arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "organization_id" {
  description = "The organization whose trail delivers (its objects lie below its id); empty for trails of single accounts."
  type        = string
  default     = ""

  # https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
  validation {
    condition     = var.organization_id == "" || can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "An organization's id is o- and 10 to 32 lower-case letters or digits."
  }
}

variable "accounts" {
  description = "The accounts whose calls can be asked for."
  type        = list(string)

  validation {
    condition     = length(var.accounts) > 0 && alltrue([for id in var.accounts : can(regex("^[0-9]{12}$", id))])
    error_message = "There is at least one account, and an account id has 12 digits."
  }
}

variable "regions" {
  description = "The regions whose calls can be asked for. The one where IAM records its calls is added."
  type        = list(string)

  validation {
    condition     = length(var.regions) > 0 && alltrue([for region in var.regions : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", region))])
    error_message = "There is at least one region, written like eu-west-1."
  }
}

variable "first_day" {
  description = "The first day of the trail, written yyyy/MM/dd."
  type        = string
  default     = "2026/01/01"

  validation {
    condition     = can(regex("^[0-9]{4}/(0[1-9]|1[0-2])/(0[1-9]|[12][0-9]|3[01])$", var.first_day))
    error_message = "The first day is written yyyy/MM/dd, for example 2026/01/31."
  }
}

variable "days" {
  description = "How many days the named queries look back. Partitions of earlier days are not read."
  type        = number
  default     = 7

  validation {
    condition     = var.days >= 1 && floor(var.days) == var.days
    error_message = "The number of days is a whole number, at least 1."
  }
}

variable "unused_days" {
  description = "After how many days without a call a role counts as unused."
  type        = number
  default     = 90

  validation {
    condition     = var.unused_days >= 1 && floor(var.unused_days) == var.unused_days
    error_message = "The number of days is a whole number, at least 1."
  }
}

variable "roles_json" {
  description = "Which role belongs to which mesh, environment and identity: JSON Lines, each with arn, name, mesh, environment, identity, kind (workload, gateway, helper, people, pipeline), trusted (who may assume it: service principals, ARNs of providers or principals) and nodes (ARNs of the App Mesh nodes and gateways whose configuration its Envoy may stream)."
  type        = string

  validation {
    condition = alltrue([
      for line in compact(split("\n", var.roles_json)) : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/", jsondecode(line).arn)) && can([
        jsondecode(line).name, jsondecode(line).mesh, jsondecode(line).environment, jsondecode(line).identity,
        tolist(jsondecode(line).trusted), tolist(jsondecode(line).nodes),
      ]) && try(contains(["workload", "gateway", "helper", "people", "pipeline"], jsondecode(line).kind), false)
    ])
    error_message = "Each line is a JSON object with the strings arn (of a role), name, mesh, environment, identity, kind (workload, gateway, helper, people, pipeline) and the lists trusted and nodes."
  }

  # A role twice would count its calls twice.
  validation {
    condition = try(length([for line in compact(split("\n", var.roles_json)) : jsondecode(line).arn]) == length(toset([
      for line in compact(split("\n", var.roles_json)) : lower(jsondecode(line).arn)
    ])), true)
    error_message = "Each role stands once."
  }
}

variable "administrators" {
  description = "Who may change mesh roles: ARNs of IAM roles or users, in which * stands for any text."
  type        = list(string)
  default     = []

  # They become patterns in SQL: a quote or a backslash would end or change them.
  validation {
    condition     = alltrue([for pattern in var.administrators : can(regex("^arn:[^'\\\\\\s]+$", pattern))])
    error_message = "An administrator is an ARN without quotes, backslashes or spaces, in which * stands for any text."
  }
}

variable "watched_policies" {
  description = "Managed policies and boundaries of mesh roles whose versions count as changes of a role: ARNs in which * stands for any text."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for pattern in var.watched_policies : can(regex("^arn:[^'\\\\\\s]+$", pattern))])
    error_message = "A watched policy is an ARN without quotes, backslashes or spaces, in which * stands for any text."
  }
}

variable "results_retention_days" {
  description = "After how many days results of queries are deleted."
  type        = number
  default     = 30

  validation {
    condition     = var.results_retention_days >= 1 && floor(var.results_retention_days) == var.results_retention_days
    error_message = "The number of days is a whole number, at least 1."
  }
}

variable "bytes_scanned_cutoff" {
  description = "At how many bytes a query is cancelled; the default is 100 GiB."
  type        = number
  default     = 107374182400

  # https://docs.aws.amazon.com/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html
  validation {
    condition     = var.bytes_scanned_cutoff >= 10485760
    error_message = "Athena takes no limit below 10 MB (10485760 bytes)."
  }
}

variable "force_destroy" {
  description = "Whether destroying deletes a workgroup with its history and a bucket with its results."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags of every resource that takes tags."
  type        = map(string)
  default     = {}
}
