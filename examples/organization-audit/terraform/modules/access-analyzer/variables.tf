variable "name" {
  type        = string
  description = "What the names of the analyzers begin with."

  validation {
    # An analyzer's name has at most 255 characters; the longest suffix, -external-access, has 16.
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_.-]{0,238}$", var.name))
    error_message = "A name has 1 to 239 letters, digits, dots, hyphens or underscores, and begins with a letter."
  }
}

variable "scope" {
  type        = string
  default     = "ACCOUNT"
  description = "The zone of trust: ACCOUNT or ORGANIZATION. The latter needs the management account or the delegated administrator of Access Analyzer."

  validation {
    condition     = contains(["ACCOUNT", "ORGANIZATION"], var.scope)
    error_message = "The scope is ACCOUNT or ORGANIZATION."
  }
}

variable "external" {
  type        = bool
  default     = true
  description = "Whether resources, roles among them, that somebody outside the zone of trust may use are found. Of this region only."
}

variable "unused" {
  type        = bool
  default     = false
  description = "Whether unused roles, credentials and permissions are found. AWS charges for each role and user analyzed, each month."
}

variable "unused_days" {
  type        = number
  default     = 90
  description = "After how many days without use an access counts as unused."

  validation {
    condition     = var.unused_days >= 1 && var.unused_days <= 365 && floor(var.unused_days) == var.unused_days
    error_message = "An access counts as unused after 1 to 365 days."
  }
}

variable "tags" {
  type        = map(string)
  default     = {}
  description = "Tags of the analyzers."
}
