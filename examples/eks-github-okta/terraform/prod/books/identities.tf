# Written by meshrole: change the inventory, then generate again.

# virtual gateway edge of mesh books, on eks-irsa
resource "aws_iam_role" "edge" {
  name                 = "acme-books-edge-prod"
  path                 = "/mesh/"
  description          = "Virtual gateway edge of mesh books, on eks-irsa"
  assume_role_policy   = file("${path.module}/trust/edge.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "books"
    "meshrole:workload" = "edge"
  }
}

resource "aws_iam_role_policy" "edge" {
  name   = "permissions"
  role   = aws_iam_role.edge.name
  policy = file("${path.module}/policies/edge.json")
}

# virtual node reviews-v1 of mesh books, on eks-pod-identity
resource "aws_iam_role" "reviews-v1" {
  name                 = "acme-books-reviews-v1-prod"
  path                 = "/mesh/"
  description          = "Virtual node reviews-v1 of mesh books, on eks-pod-identity"
  assume_role_policy   = file("${path.module}/trust/reviews-v1.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "books"
    "meshrole:version"  = "v1"
    "meshrole:workload" = "reviews"
  }
}

resource "aws_iam_role_policy" "reviews-v1" {
  name   = "permissions"
  role   = aws_iam_role.reviews-v1.name
  policy = file("${path.module}/policies/reviews-v1.json")
}

resource "aws_eks_pod_identity_association" "reviews-v1" {
  cluster_name    = "core-prod"
  namespace       = "books"
  service_account = "reviews-v1"
  role_arn        = aws_iam_role.reviews-v1.arn
  tags = {
    "meshrole:mesh"     = "books"
    "meshrole:version"  = "v1"
    "meshrole:workload" = "reviews"
  }
}

# virtual node reviews-v2 of mesh books, on eks-pod-identity
resource "aws_iam_role" "reviews-v2" {
  name                 = "acme-books-reviews-v2-prod"
  path                 = "/mesh/"
  description          = "Virtual node reviews-v2 of mesh books, on eks-pod-identity"
  assume_role_policy   = file("${path.module}/trust/reviews-v2.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "books"
    "meshrole:version"  = "v2"
    "meshrole:workload" = "reviews"
  }
}

resource "aws_iam_role_policy" "reviews-v2" {
  name   = "permissions"
  role   = aws_iam_role.reviews-v2.name
  policy = file("${path.module}/policies/reviews-v2.json")
}

resource "aws_eks_pod_identity_association" "reviews-v2" {
  cluster_name    = "core-prod"
  namespace       = "books"
  service_account = "reviews-v2"
  role_arn        = aws_iam_role.reviews-v2.arn
  tags = {
    "meshrole:mesh"     = "books"
    "meshrole:version"  = "v2"
    "meshrole:workload" = "reviews"
  }
}

# virtual node ratings of mesh books, on eks-irsa
resource "aws_iam_role" "ratings" {
  name                 = "acme-books-ratings-prod"
  path                 = "/mesh/"
  description          = "Virtual node ratings of mesh books, on eks-irsa"
  assume_role_policy   = file("${path.module}/trust/ratings.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "books"
    "meshrole:workload" = "ratings"
  }
}

resource "aws_iam_role_policy" "ratings" {
  name   = "permissions"
  role   = aws_iam_role.ratings.name
  policy = file("${path.module}/policies/ratings.json")
}
