"""Inventories of any size, in the shape of a real estate: meshes of 200 services, a third each on ECS, EC2 and EKS."""

import sys

SERVICES_PER_MESH = 200
MESHES_PER_ENVIRONMENT = 15
PLATFORMS = (
    "{platform: ecs}",
    "{platform: ec2}",
    "{platform: eks-pod-identity, cluster: core, namespace: NAMESPACE, service_account: NAME}",
)


def inventory(workloads: int) -> str:
    """The YAML of an inventory with so many workloads, each with its own node, calls and permissions."""
    meshes = -(-workloads // SERVICES_PER_MESH)
    environments = -(-meshes // MESHES_PER_ENVIRONMENT)
    lines = ["version: 1", "organization: {name: acme, role_path: /mesh/, tags: {cost-center: platform}}", "accounts:"]
    quotas = "{roles: 10000, instance_profiles: 10000}"
    lines += [f'  a{number}: {{id: "{111122220000 + number}", quotas: {quotas}}}' for number in range(environments)]
    lines.append("environments:")
    lines += [f"  e{number}: {{account: a{number}, region: us-east-1}}" for number in range(environments)]
    lines.append("meshes:")
    for mesh in range(meshes):
        lines += [
            f"  m{mesh}:",
            "    engine: app-mesh",
            f"    environments: [e{mesh // MESHES_PER_ENVIRONMENT}]",
            "    services:",
        ]
        first = mesh * SERVICES_PER_MESH
        for number in range(first, min(first + SERVICES_PER_MESH, workloads)):
            lines += _service(number, first, mesh)
    return "\n".join(lines) + "\n"


def _service(number: int, first: int, mesh: int) -> list[str]:
    name = f"service-{number:05d}"
    platform = PLATFORMS[number % 3].replace("NAMESPACE", f"m{mesh}").replace("NAME", name)
    return [
        f"      {name}:",
        f"        runs_on: {platform}",
        f"        calls: [service-{max(first, number - 1):05d}]",
        "        permissions:",
        "          - actions: [dynamodb:GetItem, dynamodb:PutItem]",
        f'            resources: ["arn:{{partition}}:dynamodb:{{region}}:{{account}}:table/{name}"]',
        "          - actions: [sqs:SendMessage]",
        f'            resources: ["arn:{{partition}}:sqs:{{region}}:{{account}}:{name}"]',
        "          - actions: [s3:GetObject]",
        f'            resources: ["arn:{{partition}}:s3:::acme-{name}/*"]',
        '            conditions: {Bool: {"aws:SecureTransport": "true"}}',
    ]


if __name__ == "__main__":
    sys.stdout.write(inventory(int(sys.argv[1])))
