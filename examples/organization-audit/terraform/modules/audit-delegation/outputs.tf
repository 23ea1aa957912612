output "service_principals" {
  value       = sort(concat(var.cloudtrail ? ["cloudtrail.amazonaws.com"] : [], local.organizations_principals))
  description = "The services that the audit account administers."

  depends_on = [aws_cloudtrail_organization_delegated_admin_account.audit, aws_organizations_delegated_administrator.audit]
}
