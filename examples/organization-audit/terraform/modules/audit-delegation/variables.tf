variable "audit_account_id" {
  type        = string
  description = "The member account that administers the organization's audit."

  validation {
    condition     = can(regex("^[0-9]{12}$", var.audit_account_id))
    error_message = "An account id is twelve digits, as a string."
  }
}

variable "cloudtrail" {
  type        = bool
  default     = true
  description = "The audit account manages the organization's trails."
}

variable "config" {
  type        = bool
  default     = true
  description = "The audit account aggregates AWS Config of all accounts and deploys its rules and conformance packs."
}

variable "access_analyzer" {
  type        = bool
  default     = true
  description = "The audit account makes analyzers whose zone of trust is the organization."
}
