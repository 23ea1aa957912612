mock_provider "aws" {}

variables {
  name           = "acme-prod"
  region         = "eu-west-1"
  account_id     = "111122223333"
  archive_bucket = "acme-log-archive"
}

run "records_what_matters" {
  command = plan

  assert {
    condition = (
      aws_config_configuration_recorder.this[0].recording_group[0].recording_strategy[0].use_only == "INCLUSION_BY_RESOURCE_TYPES"
      && !aws_config_configuration_recorder.this[0].recording_group[0].all_supported
      && toset(aws_config_configuration_recorder.this[0].recording_group[0].resource_types) == toset(output.recorded_types)
    )
    error_message = "The recorder records the listed types, and no others."
  }

  assert {
    condition     = length([for type in output.recorded_types : type if startswith(type, "AWS::AppMesh::")]) == 7
    error_message = "App Mesh has seven types."
  }

  assert {
    condition     = length(setintersection(output.recorded_types, ["AWS::IAM::Role", "AWS::IAM::Policy", "AWS::CloudTrail::Trail"])) == 3
    error_message = "The rules are about roles, policies and trails."
  }

  assert {
    condition     = alltrue([for type in output.recorded_types : !can(regex("VpcLattice|::RAM::", type))])
    error_message = "AWS Config has no such types."
  }

  assert {
    condition = (
      aws_config_configuration_recorder_status.this[0].is_enabled
      && aws_config_configuration_recorder.this[0].recording_mode[0].recording_frequency == "CONTINUOUS"
      && aws_config_delivery_channel.this[0].snapshot_delivery_properties[0].delivery_frequency == "TwentyFour_Hours"
      && aws_config_delivery_channel.this[0].s3_bucket_name == "acme-log-archive"
    )
    error_message = "It is started, records continuously, and delivers to the archive once a day."
  }

  assert {
    condition     = length(aws_config_config_rule.managed) + length(aws_config_config_rule.guard) == 0 && output.aggregator_arn == ""
    error_message = "Nothing that was not asked for."
  }
}

run "the_role_is_this_accounts_and_delivers_to_its_own_prefix" {
  command = plan

  variables {
    partition       = "aws-cn"
    region          = "cn-north-1"
    archive_key_arn = "arn:aws-cn:kms:cn-north-1:444455556666:key/1"
    topic_arn       = "arn:aws-cn:sns:cn-north-1:111122223333:changes"
  }

  assert {
    condition = jsondecode(aws_iam_role.recorder[0].assume_role_policy).Statement == [{
      Sid       = "AssumeForThisAccount"
      Effect    = "Allow"
      Principal = { Service = "config.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "AWS:SourceAccount" = "111122223333" } }
    }]
    error_message = "AWS Config may assume the role for this account only."
  }

  assert {
    condition = { for each in jsondecode(aws_iam_role_policy.delivery[0].policy).Statement : each.Sid => each.Resource } == {
      Deliver             = ["arn:aws-cn:s3:::acme-log-archive/AWSLogs/111122223333/*"]
      SeeWhoOwnsTheBucket = ["arn:aws-cn:s3:::acme-log-archive"]
      Encrypt             = ["arn:aws-cn:kms:cn-north-1:444455556666:key/1"]
      Tell                = ["arn:aws-cn:sns:cn-north-1:111122223333:changes"]
    }
    error_message = "Each statement names its one resource."
  }

  assert {
    condition = { for each in jsondecode(aws_iam_role_policy.delivery[0].policy).Statement : each.Sid => each.Action } == {
      Deliver             = ["s3:PutObject", "s3:PutObjectAcl"]
      SeeWhoOwnsTheBucket = ["s3:GetBucketAcl"]
      Encrypt             = ["kms:Decrypt", "kms:GenerateDataKey"]
      Tell                = ["sns:Publish"]
    }
    error_message = "Each statement has the actions that AWS lists."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.delivery[0].policy).Statement[0].Condition == { StringLike = { "s3:x-amz-acl" = "bucket-owner-full-control" } }
    error_message = "The bucket's owner owns what is delivered."
  }

  assert {
    condition = (
      aws_iam_role_policy_attachment.recorder[0].policy_arn == "arn:aws-cn:iam::aws:policy/service-role/AWS_ConfigRole"
      && aws_config_configuration_recorder.this[0].role_arn == "arn:aws-cn:iam::111122223333:role/acme-prod-config"
      && aws_config_delivery_channel.this[0].s3_kms_key_arn == "arn:aws-cn:kms:cn-north-1:444455556666:key/1"
      && aws_config_delivery_channel.this[0].sns_topic_arn == "arn:aws-cn:sns:cn-north-1:111122223333:changes"
    )
    error_message = "The recorder has the role, and the channel the key and the topic."
  }
}

run "without_key_and_topic_the_role_has_neither" {
  command = plan

  assert {
    condition = (
      [for each in jsondecode(aws_iam_role_policy.delivery[0].policy).Statement : each.Sid] == ["Deliver", "SeeWhoOwnsTheBucket"]
      && aws_config_delivery_channel.this[0].s3_kms_key_arn == null
      && aws_config_delivery_channel.this[0].sns_topic_arn == null
    )
    error_message = "No permission for what is not there."
  }
}

run "the_service_linked_role_needs_none_of_ours" {
  command = plan

  variables {
    service_linked_role = true
  }

  assert {
    condition = (
      aws_config_configuration_recorder.this[0].role_arn == "arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
      && length(aws_iam_role.recorder) + length(aws_iam_role_policy.delivery) + length(aws_iam_role_policy_attachment.recorder) == 0
    )
    error_message = "The service-linked role is used and not made."
  }
}

run "global_types_are_dropped_with_the_rules_about_them" {
  command = plan

  variables {
    record_global_types = false
    mesh_role_pattern   = "^acme-shop-"
    boundary_pattern    = "."
  }

  assert {
    condition     = length([for type in output.recorded_types : type if startswith(type, "AWS::IAM::")]) == 0 && length(output.recorded_types) > 0
    error_message = "IAM's types are recorded in another region."
  }

  assert {
    condition     = length(output.guard_rules) == 0 && length(aws_config_config_rule.guard) == 0
    error_message = "Rules about roles see nothing where no role is recorded."
  }

  assert {
    condition     = !contains(keys(output.recommended_managed_rules), "iam-policy-no-statements-with-admin-access")
    error_message = "Neither do managed rules about policies."
  }
}

run "given_types_replace_the_list" {
  command = plan

  variables {
    resource_types      = ["AWS::S3::Bucket", "AWS::IAM::User", "AWS::S3::Bucket"]
    record_global_types = false
    recording_frequency = "DAILY"
    delivery_frequency  = "One_Hour"
  }

  assert {
    condition     = output.recorded_types == tolist(["AWS::S3::Bucket"])
    error_message = "Once each, and no global one."
  }

  assert {
    condition = (
      aws_config_configuration_recorder.this[0].recording_mode[0].recording_frequency == "DAILY"
      && aws_config_delivery_channel.this[0].snapshot_delivery_properties[0].delivery_frequency == "One_Hour"
    )
    error_message = "The frequencies are the given ones."
  }
}

run "an_existing_recorder_is_left_alone" {
  command = plan

  variables {
    create_recorder = false
    recorder_name   = "landing-zone"
    managed_rules   = { trail = { identifier = "CLOUD_TRAIL_ENABLED" } }
  }

  assert {
    condition = (
      length(aws_config_configuration_recorder.this) + length(aws_config_delivery_channel.this) == 0
      && length(aws_config_configuration_recorder_status.this) + length(aws_iam_role.recorder) == 0
      && output.recorder_name == "landing-zone" && output.role_arn == ""
    )
    error_message = "No second recorder: AWS refuses it."
  }

  assert {
    condition     = output.rule_names == ["acme-prod-trail"]
    error_message = "Rules work with any recorder."
  }
}

run "iam_is_not_recorded_where_it_cannot_be" {
  command = plan

  variables {
    region = "eu-central-2"
  }

  expect_failures = [aws_config_configuration_recorder.this]
}

run "bad_input_is_refused" {
  command = plan

  variables {
    name                = "acme prod"
    partition           = "amazon"
    region              = "Ireland"
    account_id          = "1"
    recorder_name       = "AWSConfigurationRecorderForX"
    archive_bucket      = "Archive"
    archive_key_arn     = "alias/archive"
    resource_types      = ["AWS::VpcLattice::Service"]
    recording_frequency = "HOURLY"
    delivery_frequency  = "Daily"
    topic_arn           = "changes"
    aggregator          = "everybody"
    aggregator_accounts = ["shop"]

    aggregation_account_id = "audit"
  }

  expect_failures = [
    var.name, var.partition, var.region, var.account_id, var.recorder_name, var.archive_bucket, var.archive_key_arn, var.resource_types,
    var.recording_frequency, var.delivery_frequency, var.topic_arn, var.aggregator, var.aggregator_accounts, var.aggregation_account_id,
  ]
}
