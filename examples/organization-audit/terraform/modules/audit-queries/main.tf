locals {
  results_arn   = "arn:${var.partition}:s3:::${var.results_bucket_name}"
  workgroup_arn = "arn:${var.partition}:athena:${var.region}:${var.account_id}:workgroup/${local.workgroup}"
  workgroup     = "${var.name}-audit"

  # A pattern with * as one of LIKE's, whose own signs are escaped.
  like = {
    for pattern in distinct(concat(var.administrators, var.watched_policies)) :
    pattern => "LIKE '${replace(replace(replace(pattern, "%", "\\%"), "_", "\\_"), "*", "%")}' ESCAPE '\\'"
  }
  # No administrator at all: nobody may.
  by_administrator  = join(" OR ", [for pattern in var.administrators : "principal ${local.like[pattern]}"])
  of_watched_policy = join(" OR ", [for pattern in var.watched_policies : "policy ${local.like[pattern]}"])

  window = {
    for name, days in { days = var.days, unused_days = var.unused_days } :
    name => "day BETWEEN date_format(current_date - interval '${days}' day, '%Y/%m/%d') AND date_format(current_date, '%Y/%m/%d')"
  }

  query_files = { for file in fileset("${path.module}/queries", "*.sql") : trimsuffix(file, ".sql") => "${path.module}/queries/${file}" }
  queries = {
    for name, file in local.query_files : name => templatefile(file, {
      archive_bucket    = var.archive_bucket
      database          = local.database
      window            = local.window[name == "unused" ? "unused_days" : "days"]
      by_administrator  = coalesce(local.by_administrator, "false")
      of_watched_policy = coalesce(local.of_watched_policy, "false")
    })
  }
  # The comment at the head of a file: its title and its description.
  heads = { for name, query in local.queries : name => regex("^(?:-- [^\n]*\n)+", query) }
}

resource "aws_athena_workgroup" "audit" {
  name          = local.workgroup
  description   = "Questions about the roles of the meshes."
  force_destroy = var.force_destroy
  tags          = var.tags

  configuration {
    # Nobody sends results elsewhere or leaves them unencrypted.
    # https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = var.bytes_scanned_cutoff

    # The queries are in the SQL of this engine (Trino).
    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location       = "s3://${var.results_bucket_name}/results/"
      expected_bucket_owner = var.account_id

      encryption_configuration {
        encryption_option = var.results_key_arn == "" ? "SSE_S3" : "SSE_KMS"
        kms_key_arn       = var.results_key_arn == "" ? null : var.results_key_arn
      }
    }
  }
}

resource "aws_athena_named_query" "question" {
  for_each = local.queries

  name        = "${var.name}-${each.key}"
  description = substr(trimspace(replace(replace(local.heads[each.key], "/(^|\n)-- /", " "), "\n", " ")), 0, 1024)
  database    = aws_glue_catalog_database.audit.name
  workgroup   = aws_athena_workgroup.audit.id
  query       = each.value
}
