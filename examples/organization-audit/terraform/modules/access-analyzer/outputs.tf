output "analyzer_arns" {
  description = "The ARNs of the analyzers that are made: external, then unused access."
  value       = concat(aws_accessanalyzer_analyzer.external[*].arn, aws_accessanalyzer_analyzer.unused[*].arn)
}
