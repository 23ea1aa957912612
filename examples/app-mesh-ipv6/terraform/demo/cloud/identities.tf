# Written by meshrole: change the inventory, then generate again.

# virtual gateway colorgateway-vg of mesh app-mesh-ipv6-cloud, on ecs
resource "aws_iam_role" "colorgateway" {
  name                 = "demo-cloud-colorgateway-demo"
  path                 = "/"
  description          = "Virtual gateway colorgateway-vg of mesh app-mesh-ipv6-cloud, on ecs"
  assume_role_policy   = file("${path.module}/trust/colorgateway.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "cloud"
    "meshrole:workload" = "colorgateway"
  }
}

resource "aws_iam_role_policy" "colorgateway" {
  name   = "permissions"
  role   = aws_iam_role.colorgateway.name
  policy = file("${path.module}/policies/colorgateway.json")
}

resource "aws_iam_role" "colorgateway-execution" {
  name                 = "demo-cloud-colorgateway-demo-execution"
  path                 = "/"
  description          = "Execution role of virtual gateway colorgateway-vg of mesh app-mesh-ipv6-cloud, on ecs"
  assume_role_policy   = file("${path.module}/trust/colorgateway-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "cloud"
    "meshrole:workload" = "colorgateway"
  }
}

resource "aws_iam_role_policy" "colorgateway-execution" {
  name   = "permissions"
  role   = aws_iam_role.colorgateway-execution.name
  policy = file("${path.module}/policies/colorgateway-execution.json")
}

# virtual node colorteller-red-vn of mesh app-mesh-ipv6-cloud, on ecs
resource "aws_iam_role" "red" {
  name                 = "demo-cloud-red-demo"
  path                 = "/"
  description          = "Virtual node colorteller-red-vn of mesh app-mesh-ipv6-cloud, on ecs"
  assume_role_policy   = file("${path.module}/trust/red.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "cloud"
    "meshrole:workload" = "red"
  }
}

resource "aws_iam_role_policy" "red" {
  name   = "permissions"
  role   = aws_iam_role.red.name
  policy = file("${path.module}/policies/red.json")
}

resource "aws_iam_role" "red-execution" {
  name                 = "demo-cloud-red-demo-execution"
  path                 = "/"
  description          = "Execution role of virtual node colorteller-red-vn of mesh app-mesh-ipv6-cloud, on ecs"
  assume_role_policy   = file("${path.module}/trust/red-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "cloud"
    "meshrole:workload" = "red"
  }
}

resource "aws_iam_role_policy" "red-execution" {
  name   = "permissions"
  role   = aws_iam_role.red-execution.name
  policy = file("${path.module}/policies/red-execution.json")
}

# virtual node colorteller-orange-vn of mesh app-mesh-ipv6-cloud, on ecs
resource "aws_iam_role" "orange" {
  name                 = "demo-cloud-orange-demo"
  path                 = "/"
  description          = "Virtual node colorteller-orange-vn of mesh app-mesh-ipv6-cloud, on ecs"
  assume_role_policy   = file("${path.module}/trust/orange.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "cloud"
    "meshrole:workload" = "orange"
  }
}

resource "aws_iam_role_policy" "orange" {
  name   = "permissions"
  role   = aws_iam_role.orange.name
  policy = file("${path.module}/policies/orange.json")
}

resource "aws_iam_role" "orange-execution" {
  name                 = "demo-cloud-orange-demo-execution"
  path                 = "/"
  description          = "Execution role of virtual node colorteller-orange-vn of mesh app-mesh-ipv6-cloud, on ecs"
  assume_role_policy   = file("${path.module}/trust/orange-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "cloud"
    "meshrole:workload" = "orange"
  }
}

resource "aws_iam_role_policy" "orange-execution" {
  name   = "permissions"
  role   = aws_iam_role.orange-execution.name
  policy = file("${path.module}/policies/orange-execution.json")
}

# virtual node colorteller-yellow-vn of mesh app-mesh-ipv6-cloud, on ecs
resource "aws_iam_role" "yellow" {
  name                 = "demo-cloud-yellow-demo"
  path                 = "/"
  description          = "Virtual node colorteller-yellow-vn of mesh app-mesh-ipv6-cloud, on ecs"
  assume_role_policy   = file("${path.module}/trust/yellow.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "cloud"
    "meshrole:workload" = "yellow"
  }
}

resource "aws_iam_role_policy" "yellow" {
  name   = "permissions"
  role   = aws_iam_role.yellow.name
  policy = file("${path.module}/policies/yellow.json")
}

resource "aws_iam_role" "yellow-execution" {
  name                 = "demo-cloud-yellow-demo-execution"
  path                 = "/"
  description          = "Execution role of virtual node colorteller-yellow-vn of mesh app-mesh-ipv6-cloud, on ecs"
  assume_role_policy   = file("${path.module}/trust/yellow-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "cloud"
    "meshrole:workload" = "yellow"
  }
}

resource "aws_iam_role_policy" "yellow-execution" {
  name   = "permissions"
  role   = aws_iam_role.yellow-execution.name
  policy = file("${path.module}/policies/yellow-execution.json")
}

# virtual node colorteller-green-vn of mesh app-mesh-ipv6-cloud, on ecs
resource "aws_iam_role" "green" {
  name                 = "demo-cloud-green-demo"
  path                 = "/"
  description          = "Virtual node colorteller-green-vn of mesh app-mesh-ipv6-cloud, on ecs"
  assume_role_policy   = file("${path.module}/trust/green.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "cloud"
    "meshrole:workload" = "green"
  }
}

resource "aws_iam_role_policy" "green" {
  name   = "permissions"
  role   = aws_iam_role.green.name
  policy = file("${path.module}/policies/green.json")
}

resource "aws_iam_role" "green-execution" {
  name                 = "demo-cloud-green-demo-execution"
  path                 = "/"
  description          = "Execution role of virtual node colorteller-green-vn of mesh app-mesh-ipv6-cloud, on ecs"
  assume_role_policy   = file("${path.module}/trust/green-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "cloud"
    "meshrole:workload" = "green"
  }
}

resource "aws_iam_role_policy" "green-execution" {
  name   = "permissions"
  role   = aws_iam_role.green-execution.name
  policy = file("${path.module}/policies/green-execution.json")
}

# virtual node colorteller-blue-vn of mesh app-mesh-ipv6-cloud, on ecs
resource "aws_iam_role" "blue" {
  name                 = "demo-cloud-blue-demo"
  path                 = "/"
  description          = "Virtual node colorteller-blue-vn of mesh app-mesh-ipv6-cloud, on ecs"
  assume_role_policy   = file("${path.module}/trust/blue.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "cloud"
    "meshrole:workload" = "blue"
  }
}

resource "aws_iam_role_policy" "blue" {
  name   = "permissions"
  role   = aws_iam_role.blue.name
  policy = file("${path.module}/policies/blue.json")
}

resource "aws_iam_role" "blue-execution" {
  name                 = "demo-cloud-blue-demo-execution"
  path                 = "/"
  description          = "Execution role of virtual node colorteller-blue-vn of mesh app-mesh-ipv6-cloud, on ecs"
  assume_role_policy   = file("${path.module}/trust/blue-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "cloud"
    "meshrole:workload" = "blue"
  }
}

resource "aws_iam_role_policy" "blue-execution" {
  name   = "permissions"
  role   = aws_iam_role.blue-execution.name
  policy = file("${path.module}/policies/blue-execution.json")
}

# virtual node colorteller-purple-vn of mesh app-mesh-ipv6-cloud, on ecs
resource "aws_iam_role" "purple" {
  name                 = "demo-cloud-purple-demo"
  path                 = "/"
  description          = "Virtual node colorteller-purple-vn of mesh app-mesh-ipv6-cloud, on ecs"
  assume_role_policy   = file("${path.module}/trust/purple.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "cloud"
    "meshrole:workload" = "purple"
  }
}

resource "aws_iam_role_policy" "purple" {
  name   = "permissions"
  role   = aws_iam_role.purple.name
  policy = file("${path.module}/policies/purple.json")
}

resource "aws_iam_role" "purple-execution" {
  name                 = "demo-cloud-purple-demo-execution"
  path                 = "/"
  description          = "Execution role of virtual node colorteller-purple-vn of mesh app-mesh-ipv6-cloud, on ecs"
  assume_role_policy   = file("${path.module}/trust/purple-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "cloud"
    "meshrole:workload" = "purple"
  }
}

resource "aws_iam_role_policy" "purple-execution" {
  name   = "permissions"
  role   = aws_iam_role.purple-execution.name
  policy = file("${path.module}/policies/purple-execution.json")
}
