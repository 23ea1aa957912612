# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "edge"       = aws_iam_role.edge.arn
    "reviews-v1" = aws_iam_role.reviews-v1.arn
    "reviews-v2" = aws_iam_role.reviews-v2.arn
    "ratings"    = aws_iam_role.ratings.arn
  }
}
