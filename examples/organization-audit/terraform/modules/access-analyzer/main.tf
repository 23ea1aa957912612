# A role whose trust, or a bucket or key whose policy, lets somebody in from outside the zone of trust:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html#what-is-access-analyzer-resource-identification
resource "aws_accessanalyzer_analyzer" "external" {
  count = var.external ? 1 : 0

  analyzer_name = "${var.name}-external-access"
  type          = var.scope
  tags          = var.tags
}

# What the identities are granted and do not use:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html#what-is-access-analyzer-unused-access-analysis
resource "aws_accessanalyzer_analyzer" "unused" {
  count = var.unused ? 1 : 0

  analyzer_name = "${var.name}-unused-access"
  type          = "${var.scope}_UNUSED_ACCESS"
  tags          = var.tags

  configuration {
    unused_access {
      unused_access_age = var.unused_days
    }
  }
}
