"""`meshrole import kubernetes` on 100 to 10,000 virtual nodes, each in a file of its own, and what of that is reading alone.

A file holds what one workload of a mesh has: its node, service, router with a route, service account and deployment.
"""

import sys
from pathlib import Path

from measure import MESHROLE, Cost, cost, interleaved, scratch, table

SIZES = (100, 1_000, 10_000)
# The largest takes long and varies little.
ROUNDS = 1
MESH = """apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {mesh: shop}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: Mesh
metadata: {name: shop}
spec: {namespaceSelector: {matchLabels: {mesh: shop}}}
"""
WORKLOAD = """apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata:
  name: NAME
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: NAME
      tier: backend
  listeners:
    - portMapping:
        port: 8080
        protocol: http
      healthCheck:
        protocol: http
        path: /ping
        healthyThreshold: 2
        unhealthyThreshold: 2
        timeoutMillis: 2000
        intervalMillis: 5000
      tls:
        mode: STRICT
        certificate:
          acm:
            certificateARN: arn:aws:acm:eu-west-1:111122223333:certificate/NAME
  backends:
    - virtualService:
        virtualServiceRef:
          name: NEXT
  serviceDiscovery:
    dns:
      hostname: NAME.shop.svc.cluster.local
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualService
metadata:
  name: NAME
  namespace: shop
spec:
  awsName: NAME.shop.svc.cluster.local
  provider:
    virtualRouter:
      virtualRouterRef:
        name: NAME
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualRouter
metadata:
  name: NAME
  namespace: shop
spec:
  listeners:
    - portMapping:
        port: 8080
        protocol: http
  routes:
    - name: all
      httpRoute:
        match:
          prefix: /
        action:
          weightedTargets:
            - virtualNodeRef:
                name: NAME
              weight: 1
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: NAME
  namespace: shop
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/NAME
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: NAME
  namespace: shop
spec:
  replicas: 1
  selector:
    matchLabels:
      app: NAME
  template:
    metadata:
      labels:
        app: NAME
        tier: backend
    spec:
      serviceAccountName: NAME
      containers:
        - name: app
          image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/NAME:1
          ports:
            - containerPort: 8080
"""
# Reading alone, as a process: the files of a folder to what they hold.
READ = """
import sys
from pathlib import Path
from meshrole.importers import kubernetes
from meshrole.importers.base import Options, SourceFile
files = [SourceFile(path.name, path.read_bytes()) for path in sorted(Path(sys.argv[1]).iterdir())]
found = kubernetes.read(files, Options())
if len(found.nodes) != len(files) - 1 or not all(each.nodes for each in found.pods):
    sys.exit("something was lost")
"""


def manifests(folder: Path, count: int) -> None:
    """So many workloads in a folder, each of which calls the next one."""
    folder.mkdir()
    (folder / "mesh.yaml").write_text(MESH)
    for number in range(count):
        text = WORKLOAD.replace("NAME", f"app-{number:05}").replace("NEXT", f"app-{(number + 1) % count:05}")
        (folder / f"app-{number:05}.yaml").write_text(text)


def main() -> None:
    """Measure and print, with the CPU of one file at each size."""
    with scratch() as temporary:
        read, whole = {}, {}
        for size in SIZES:
            folder = Path(temporary) / str(size)
            manifests(folder, size)
            reading = [sys.executable, "-c", READ, folder]
            command = [*MESHROLE, "import", "kubernetes", folder, "-o", f"{folder}.inventory.yaml", "--force"]
            read[f"reading {size:,} files"] = lambda reading=reading: cost(reading)
            whole[f"meshrole import of {size:,} files"] = lambda command=command: cost(command)
        costs = interleaved(ROUNDS, **read, **whole)
    table("import of Kubernetes manifests", list(costs.items()))
    for kind in (read, whole):
        print("CPU of a file: " + ", ".join(_each(name, costs[name], size) for name, size in zip(kind, SIZES, strict=True)))


def _each(name: str, found: Cost, size: int) -> str:
    return f"{found.cpu / size * 1000:.2f} ms ({name})"


if __name__ == "__main__":
    main()
