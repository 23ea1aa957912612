locals {
  containers = jsonencode([{ name = "app", image = "example/app:1", memory = 128 }])
  trust_task = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" }, Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } } }
  ] })
}

resource "aws_iam_role" "shared_role" {
  for_each = {
    bad_services     = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["lambda.amazonaws.com", "ec2.amazonaws.com"] } }
    bad_accounts     = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/${local.eks}" }, Condition = { StringEquals = { "${local.eks}:sub" = ["system:serviceaccount:shop:orders", "system:serviceaccount:shop:payments"] } } }
    fine_edge        = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] } }
    unknown_provider = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["lambda.amazonaws.com", "ec2.amazonaws.com"], Federated = aws_iam_openid_connect_provider.new.arn } }
  }
  name               = "shared-role-${each.key}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}

# Each reference is written out: through each.value a plan does not say what it refers to.
resource "aws_iam_role" "shared_role_bad_tasks" {
  name               = "shared-role-bad_tasks"
  assume_role_policy = local.trust_task
}

resource "aws_iam_role" "shared_role_bad_pods" {
  name               = "shared-role-bad_pods"
  assume_role_policy = local.trust_task
}

resource "aws_iam_role" "shared_role_fine_clusters" {
  name               = "shared-role-fine_clusters"
  assume_role_policy = local.trust_task
}

resource "aws_iam_role" "shared_role_fine_execution" {
  name               = "shared-role-fine_execution"
  assume_role_policy = local.trust_task
}

resource "aws_ecs_task_definition" "task_and_execution_role_same_bad_created" {
  family                = "created"
  container_definitions = local.containers
  task_role_arn         = aws_iam_role.shared_role_bad_tasks.arn
  execution_role_arn    = aws_iam_role.shared_role_bad_tasks.arn
}

resource "aws_ecs_task_definition" "task_and_execution_role_same_fine_two" {
  family                = "two"
  container_definitions = local.containers
  task_role_arn         = aws_iam_role.shared_role_bad_tasks.arn
  execution_role_arn    = aws_iam_role.shared_role_fine_execution.arn
}

resource "aws_ecs_task_definition" "task_and_execution_role_same_fine_execution" {
  family                = "agent"
  container_definitions = local.containers
  execution_role_arn    = aws_iam_role.shared_role_fine_execution.arn
}

resource "aws_ecs_task_definition" "task_and_execution_role_same" {
  for_each = {
    bad_named       = "arn:aws:iam::123456789012:role/one"
    unknown_by_hash = "arn:aws:iam::123456789012:role/${sha1(aws_sqs_queue.new.arn)}"
  }
  family                = each.key
  container_definitions = local.containers
  task_role_arn         = each.value
  execution_role_arn    = each.value
}

resource "aws_eks_pod_identity_association" "orders" {
  cluster_name    = "a"
  namespace       = "shop"
  service_account = "orders"
  role_arn        = aws_iam_role.shared_role_bad_pods.arn
}

resource "aws_eks_pod_identity_association" "payments" {
  cluster_name    = "a"
  namespace       = "shop"
  service_account = "payments"
  role_arn        = aws_iam_role.shared_role_bad_pods.arn
}

resource "aws_eks_pod_identity_association" "two_clusters" {
  for_each        = toset(["a", "b"])
  cluster_name    = each.key
  namespace       = "shop"
  service_account = "catalog"
  role_arn        = aws_iam_role.shared_role_fine_clusters.arn
}

resource "aws_vpclattice_service" "lattice_without_auth" {
  for_each  = { bad_none = "NONE", fine_iam = "AWS_IAM", unknown_auth = local.not_yet.switch ? "AWS_IAM" : "NONE" }
  name      = replace(each.key, "_", "-")
  auth_type = each.value
}

resource "aws_vpclattice_service_network" "lattice_without_auth" {
  for_each  = { bad_network = "NONE", fine_network = "AWS_IAM" }
  name      = replace(each.key, "_", "-")
  auth_type = each.value
}

# It says nothing, which is NONE.
resource "aws_vpclattice_service" "lattice_without_auth_bad_default" {
  name = "bad-default"
}
