locals {
  database = replace("${var.name}-audit", "-", "_")
  table    = "cloudtrail"

  # Where IAM's calls are recorded, whatever region the caller is in.
  # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
  global_region = { aws = "us-east-1", aws-cn = "cn-north-1", aws-us-gov = "us-gov-west-1" }[var.partition]
  regions       = sort(distinct(concat(var.regions, [local.global_region])))

  location = join("/", compact(["s3://${var.archive_bucket}/AWSLogs", var.organization_id]))

  # https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
  # The location of a partition ends in a slash: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html
  projection = {
    "projection.enabled"           = "true"
    "projection.account.type"      = "enum"
    "projection.account.values"    = join(",", sort(distinct(var.accounts)))
    "projection.region.type"       = "enum"
    "projection.region.values"     = join(",", local.regions)
    "projection.day.type"          = "date"
    "projection.day.format"        = "yyyy/MM/dd"
    "projection.day.range"         = "${var.first_day},NOW"
    "projection.day.interval"      = "1"
    "projection.day.interval.unit" = "DAYS"
    "storage.location.template"    = "${local.location}/$${account}/CloudTrail/$${region}/$${day}/"
  }

  cloudtrail_format = {
    serde  = "org.apache.hive.hcatalog.data.JsonSerDe"
    input  = "com.amazon.emr.cloudtrail.CloudTrailInputFormat"
    output = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
  }

  table_ddl = <<-SQL
    CREATE EXTERNAL TABLE `${local.database}`.`${local.table}` (
      ${join(",\n  ", [for column in local.columns : "`${column.name}` ${column.type}"])}
    )
    PARTITIONED BY (${join(", ", [for column in local.partition_columns : "`${column}` string"])})
    ROW FORMAT SERDE '${local.cloudtrail_format.serde}'
    STORED AS INPUTFORMAT '${local.cloudtrail_format.input}'
    OUTPUTFORMAT '${local.cloudtrail_format.output}'
    LOCATION '${local.location}/'
    TBLPROPERTIES (
      ${join(",\n  ", [for key, value in local.projection : "'${key}' = '${value}'"])}
    )
  SQL
}

resource "aws_glue_catalog_database" "audit" {
  name        = local.database
  description = "CloudTrail's records and the roles of the meshes."
  tags        = var.tags
}

resource "aws_glue_catalog_table" "cloudtrail" {
  database_name = aws_glue_catalog_database.audit.name
  name          = local.table
  description   = "The records of the trail, one partition for each account, region and day."
  table_type    = "EXTERNAL_TABLE"
  parameters    = merge({ EXTERNAL = "TRUE" }, local.projection)

  dynamic "partition_keys" {
    for_each = local.partition_columns
    content {
      name = partition_keys.value
      type = "string"
    }
  }

  storage_descriptor {
    location      = "${local.location}/"
    input_format  = local.cloudtrail_format.input
    output_format = local.cloudtrail_format.output

    ser_de_info {
      serialization_library = local.cloudtrail_format.serde
      parameters            = { "serialization.format" = "1" }
    }

    dynamic "columns" {
      for_each = local.columns
      content {
        name = columns.value.name
        type = columns.value.type
      }
    }
  }
}

resource "aws_glue_catalog_table" "roles" {
  database_name = aws_glue_catalog_database.audit.name
  name          = "roles"
  description   = "Which role belongs to which mesh, who may assume it and which nodes its Envoy may be."
  table_type    = "EXTERNAL_TABLE"
  parameters    = { EXTERNAL = "TRUE", classification = "json" }

  # https://docs.aws.amazon.com/athena/latest/ug/hive-json-serde.html
  storage_descriptor {
    location      = "s3://${var.results_bucket_name}/roles/"
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"

    ser_de_info {
      serialization_library = "org.apache.hive.hcatalog.data.JsonSerDe"
      parameters            = { "serialization.format" = "1" }
    }

    dynamic "columns" {
      for_each = local.role_columns
      content {
        name = columns.value.name
        type = columns.value.type
      }
    }
  }
}
