locals {
  bucket_arn = "arn:${var.partition}:s3:::${var.bucket_name}"

  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
  account_root = "arn:${var.partition}:iam::${var.account_id}:root"

  has_organization_trail = var.organization_trail_arn != ""
  has_lock               = var.object_lock_mode != ""

  # Every trail that delivers here, and the accounts that own them: the fifth part of a trail's ARN is its owner.
  trail_arns     = distinct(concat(var.trail_arns, local.has_organization_trail ? [var.organization_trail_arn] : []))
  trail_accounts = distinct([for arn in local.trail_arns : split(":", arn)[4]])

  config_accounts      = distinct(var.config_accounts)
  config_role_accounts = distinct([for arn in var.config_role_arns : split(":", arn)[4]])
}
