"""Istio's manifests to an inventory that is proved: the policies that are generated find the pods that there are."""

import yaml

from meshrole import pipeline

CLUSTER = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: books}
spec: {selector: {app: reviews}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: books}
spec: {template: {metadata: {labels: {app: reviews, version: v1}}, spec: {serviceAccountName: reviews-v1}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v2, namespace: books}
spec: {template: {metadata: {labels: {app: reviews, version: v2}}, spec: {serviceAccountName: reviews-v2}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: productpage, namespace: books}
spec: {template: {metadata: {labels: {app: page, tier: web}}, spec: {serviceAccountName: productpage}}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: books}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: books}
spec:
  hosts: [reviews]
  http: [{route: [{destination: {host: reviews, subset: v1}}, {destination: {host: reviews, subset: v2}}]}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: books}
spec:
  selector: {matchLabels: {app: reviews}}
  rules: [{from: [{source: {principals: [cluster.local/ns/books/sa/productpage]}}], to: [{operation: {methods: [GET]}}]}]
"""


def test_the_policies_of_an_imported_mesh_select_its_pods(tmp_path, meshrole, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "books.yaml").write_text(CLUSTER)
    settings = ("--account", "111122223333", "--region", "eu-west-1")
    outcome = meshrole("import", "kubernetes", "books.yaml", *settings, "-o", "inventory.yaml")
    assert outcome.code == 0, outcome.errors
    services = yaml.safe_load((tmp_path / "inventory.yaml").read_text())["meshes"]["istio"]["services"]
    labels = {name: entry["pod_labels"] for name, entry in services.items()}
    assert sorted(labels.values(), key=str) == [{"app": "page"}, {"app": "reviews"}]

    files = pipeline.generate(["inventory.yaml"]).files
    policies = [list(yaml.safe_load_all(text)) for path, text in files.items() if "/istio/main/books/" in path]
    (reviews,) = (item for item, _ in policies if item["spec"]["selector"] == {"matchLabels": {"app": "reviews"}})
    assert reviews["spec"]["rules"] == [
        {
            "from": [{"source": {"principals": ["cluster.local/ns/books/sa/productpage"]}}],
            "to": [{"operation": {"methods": ["GET"]}}],
        }
    ]
    assert meshrole("verify", "inventory.yaml").code == 0
