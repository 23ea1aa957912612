# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "colorgateway"           = aws_iam_role.colorgateway.arn
    "colorgateway-execution" = aws_iam_role.colorgateway-execution.arn
    "red"                    = aws_iam_role.red.arn
    "red-execution"          = aws_iam_role.red-execution.arn
    "orange"                 = aws_iam_role.orange.arn
    "orange-execution"       = aws_iam_role.orange-execution.arn
    "yellow"                 = aws_iam_role.yellow.arn
    "yellow-execution"       = aws_iam_role.yellow-execution.arn
    "green"                  = aws_iam_role.green.arn
    "green-execution"        = aws_iam_role.green-execution.arn
    "blue"                   = aws_iam_role.blue.arn
    "blue-execution"         = aws_iam_role.blue-execution.arn
    "purple"                 = aws_iam_role.purple.arn
    "purple-execution"       = aws_iam_role.purple-execution.arn
  }
}
