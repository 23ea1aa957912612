variable "trust" { type = string }
variable "table" { type = string }

resource "aws_iam_role" "this" {
  name               = "moved-app"
  assume_role_policy = var.trust
}

resource "aws_iam_role_policy" "this" {
  name   = "reads"
  role   = aws_iam_role.this.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "dynamodb:GetItem", Resource = var.table }] })
}
