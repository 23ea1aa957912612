output "workgroup_name" {
  description = "The workgroup in which the queries run."
  value       = local.workgroup
}

output "database_name" {
  description = "The Glue database of both tables."
  value       = local.database
}

output "table_name" {
  description = "The table of CloudTrail's records."
  value       = local.table
}

output "table_ddl" {
  description = "The same table as a statement for Athena."
  value       = local.table_ddl
}

output "queries" {
  description = "The named queries: name to SQL."
  value       = local.queries
}

output "query_ids" {
  description = "The named queries: name to id in Athena."
  value       = { for name, query in aws_athena_named_query.question : name => query.id }
}

output "results_bucket_name" {
  description = "The bucket of the results and of the table of roles."
  value       = aws_s3_bucket.results.id
}

output "reader_policy" {
  description = "A policy (JSON) for who asks: run queries in this workgroup, read these tables, the archive and the results."
  value       = jsonencode(local.reader_policy)
}
