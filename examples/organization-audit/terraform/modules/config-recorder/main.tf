locals {
  # Recorded in one region only, or every change is recorded, and paid, once for each:
  # https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html#select-resources-all
  global_types = [
    "AWS::IAM::Group",
    "AWS::IAM::InstanceProfile",
    "AWS::IAM::OIDCProvider",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::IAM::SAMLProvider",
    "AWS::IAM::User",
  ]

  # The mesh, what runs in it, what proves who it is, and what watches it:
  # https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html
  regional_types = [
    "AWS::ACMPCA::CertificateAuthority",
    "AWS::AccessAnalyzer::Analyzer",
    "AWS::AppMesh::GatewayRoute",
    "AWS::AppMesh::Mesh",
    "AWS::AppMesh::Route",
    "AWS::AppMesh::VirtualGateway",
    "AWS::AppMesh::VirtualNode",
    "AWS::AppMesh::VirtualRouter",
    "AWS::AppMesh::VirtualService",
    "AWS::CloudTrail::Trail",
    "AWS::ECS::Cluster",
    "AWS::ECS::Service",
    "AWS::ECS::TaskDefinition",
    "AWS::EKS::Addon",
    "AWS::EKS::Cluster",
    "AWS::EKS::FargateProfile",
    "AWS::EKS::IdentityProviderConfig",
    "AWS::KMS::Key",
    "AWS::ServiceDiscovery::HttpNamespace",
    "AWS::ServiceDiscovery::Service",
  ]

  # Regions that AWS Config came to after February 2022 cannot record IAM's users, groups, roles and policies:
  # https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html#select-resources-all
  regions_without_iam = [
    "ap-east-2", "ap-south-2", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1",
    "eu-central-2", "eu-south-2", "il-central-1", "me-central-1", "mx-central-1",
  ]

  wanted_types = length(var.resource_types) > 0 ? var.resource_types : concat(local.regional_types, local.global_types)
  recorded_types = sort([
    for type in distinct(local.wanted_types) : type if var.record_global_types || !contains(local.global_types, type)
  ])
}

resource "aws_config_configuration_recorder" "this" {
  count = var.create_recorder ? 1 : 0

  name     = var.recorder_name
  role_arn = local.role_arn

  recording_group {
    all_supported                 = false
    include_global_resource_types = false
    resource_types                = local.recorded_types

    recording_strategy {
      use_only = "INCLUSION_BY_RESOURCE_TYPES"
    }
  }

  recording_mode {
    recording_frequency = var.recording_frequency
  }

  # AWS Config tries the role when it is given.
  depends_on = [aws_iam_role_policy.delivery, aws_iam_role_policy_attachment.recorder]

  lifecycle {
    precondition {
      condition     = !var.record_global_types || !contains(local.regions_without_iam, var.region)
      error_message = "AWS Config cannot record IAM's global types in ${var.region}: set record_global_types = false here and record them elsewhere."
    }
  }
}

resource "aws_config_delivery_channel" "this" {
  count = var.create_recorder ? 1 : 0

  name           = var.recorder_name
  s3_bucket_name = var.archive_bucket
  s3_kms_key_arn = var.archive_key_arn == "" ? null : var.archive_key_arn
  sns_topic_arn  = var.topic_arn == "" ? null : var.topic_arn

  snapshot_delivery_properties {
    delivery_frequency = var.delivery_frequency
  }

  # A channel without a recorder is refused: https://docs.aws.amazon.com/config/latest/APIReference/API_PutDeliveryChannel.html
  depends_on = [aws_config_configuration_recorder.this]
}

# A recorder without a channel cannot be started:
# https://docs.aws.amazon.com/config/latest/APIReference/API_StartConfigurationRecorder.html
resource "aws_config_configuration_recorder_status" "this" {
  count = var.create_recorder ? 1 : 0

  name       = aws_config_configuration_recorder.this[0].name
  is_enabled = true
  depends_on = [aws_config_delivery_channel.this]
}
