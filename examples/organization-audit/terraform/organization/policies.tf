# Written by meshrole: change the inventory, then generate again.

resource "aws_organizations_policy" "service_control" {
  name        = "initech-mesh"
  type        = "SERVICE_CONTROL_POLICY"
  description = "Trails, recorders, records, mesh identities and their boundaries stay as they are."
  content     = jsonencode(jsondecode(file("${path.module}/service-control-policy.json")))
}

resource "aws_organizations_policy_attachment" "service_control_111122223333" {
  policy_id = aws_organizations_policy.service_control.id
  target_id = "111122223333"
}

resource "aws_organizations_policy_attachment" "service_control_444455556666" {
  policy_id = aws_organizations_policy.service_control.id
  target_id = "444455556666"
}

resource "aws_organizations_policy" "resource_control" {
  name        = "initech-mesh-resources"
  type        = "RESOURCE_CONTROL_POLICY"
  description = "Nobody outside of the organization reads the records or takes a mesh identity."
  content     = jsonencode(jsondecode(file("${path.module}/resource-control-policy.json")))
}

resource "aws_organizations_policy_attachment" "resource_control_111122223333" {
  policy_id = aws_organizations_policy.resource_control.id
  target_id = "111122223333"
}

resource "aws_organizations_policy_attachment" "resource_control_444455556666" {
  policy_id = aws_organizations_policy.resource_control.id
  target_id = "444455556666"
}
