"""Changes of a plan, each of which breaks one proof, with the counter-example that must show it.

What is expected is read off the examples' inventories by hand: `message` and `example` are parts of what must be said.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Plan = dict[str, Any]
SHOP, BOOKS, AUDIT = ("ecs-shop", "prod"), ("eks-github-okta", "prod"), ("organization-audit", "prod")
BLUE = "module.shop.aws_iam_role.checkout-blue"
GREEN = "module.shop.aws_iam_role.checkout-green"
PAYMENTS = "module.shop.aws_iam_role.payments"
PERMISSIONS = "module.shop.aws_iam_role_policy.checkout-blue"
ACCOUNT = "arn:aws:iam::111122223333"
ORDERS = "arn:aws:dynamodb:us-east-1:111122223333:table/orders"
BLUE_ROLE = f"{ACCOUNT}:role/mesh/acme-shop-checkout-blue-prod"
NODES = "arn:aws:appmesh:us-east-1:111122223333:mesh/shop"


@dataclass(frozen=True)
class Mutation:
    """A change of the plan of `story`, the proof that it breaks, and parts of the message and of the counter-example."""

    name: str
    story: tuple[str, str]
    change: Callable[[Plan], None]
    proof: str
    message: str
    example: str = ""
    alone: bool = False


def resources(plan: Plan) -> dict[str, dict[str, Any]]:
    """Every planned resource by address."""

    def walk(module):
        for item in module.get("resources", ()):
            yield item["address"], item
        for child in module.get("child_modules", ()):
            yield from walk(child)

    return dict(walk(plan["planned_values"]["root_module"]))


def module_of(plan: Plan, address: str) -> dict[str, Any]:
    name = ".".join(address.split(".")[:2])
    return next(child for child in plan["planned_values"]["root_module"]["child_modules"] if child["address"] == name)


def put(address: str, **values: Any) -> Callable[[Plan], None]:
    """Values of a resource, changed."""
    return lambda plan: resources(plan)[address]["values"].update(values)


def edit(address: str, change: Callable[[dict[str, Any]], None], attribute: str = "policy") -> Callable[[Plan], None]:
    """A policy of a resource, changed as an object."""

    def apply(plan: Plan) -> None:
        values = resources(plan)[address]["values"]
        document = json.loads(values[attribute])
        change(document)
        values[attribute] = json.dumps(document)

    return apply


def statement(address: str, sid: str, attribute: str = "policy", **parts: Any) -> Callable[[Plan], None]:
    """Parts of one statement, changed; None takes a part away."""

    def change(document: dict[str, Any]) -> None:
        found = next(item for item in document["Statement"] if item["Sid"] == sid)
        found.update(parts)
        for name in [name for name, value in parts.items() if value is None]:
            del found[name]

    return edit(address, change, attribute)


def trust(address: str, **parts: Any) -> Callable[[Plan], None]:
    return statement(address, "Assume", "assume_role_policy", **parts)


def added(address: str, attribute: str = "policy", **parts: Any) -> Callable[[Plan], None]:
    """A statement more."""
    return edit(address, lambda document: document["Statement"].append({"Effect": "Allow", **parts}), attribute)


def resource(like: str, kind: str, **values: Any) -> Callable[[Plan], None]:
    """A resource more, in the module of another."""

    def apply(plan: Plan) -> None:
        module = module_of(plan, like)
        address = f"{module['address']}.{kind}.more"
        module["resources"].append({"address": address, "mode": "managed", "type": kind, "name": "more", "values": values})

    return apply


def both(*changes: Callable[[Plan], None]) -> Callable[[Plan], None]:
    def apply(plan: Plan) -> None:
        for change in changes:
            change(plan)

    return apply


def gone(address: str) -> Callable[[Plan], None]:
    """A resource that is not there."""

    def apply(plan: Plan) -> None:
        module = module_of(plan, address)
        module["resources"] = [item for item in module["resources"] if item["address"] != address]

    return apply


def unknown(address: str, attribute: str) -> Callable[[Plan], None]:
    """A value that is known only after the apply, of which the configuration says nothing more."""

    def apply(plan: Plan) -> None:
        del resources(plan)[address]["values"][attribute]
        change = next(item for item in plan["resource_changes"] if item["address"] == address)["change"]
        change["after_unknown"][attribute] = True

    return apply


def role(name: str) -> str:
    """The ARN of a role of the books."""
    return f"arn:aws:iam::333344445555:role/mesh/acme-books-{name}-prod"


def assumes(source: str, target: str) -> Callable[[Plan], None]:
    """The target trusts the source by its ARN, which is enough within an account."""
    principal = {"AWS": role(source)}
    return added(f"module.books.aws_iam_role.{target}", "assume_role_policy", Principal=principal, Action="sts:AssumeRole")


EDGE = "module.books.aws_iam_role.edge"
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/F9E8D7C6B5A4938271605F4E3D2C1B0A"
ONE_POD = {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": "system:serviceaccount:books:*"}
INFRA = "module.pipelines.aws_iam_role.infra"
GITHUB = "token.actions.githubusercontent.com"
BOUNDARY = "module.shop.aws_iam_policy.boundary"
CHECKOUT = "module.shop.aws_iam_role_policy.checkout"

MUTATIONS = (
    # Isolation
    Mutation("one role for two", SHOP, put(GREEN, name="acme-shop-checkout-blue-prod"), "isolation", "acme-shop-checkout-blue-prod is one role for module.shop.aws_iam_role.checkout-blue and module.shop.aws_iam_role.checkout-green", alone=True),
    Mutation("role gone", SHOP, gone(GREEN), "isolation", "acme-shop-checkout-green-prod is declared in the inventory and not there"),
    Mutation("role that nobody declared", SHOP, resource(BLUE, "aws_iam_role", name="acme-shop-extra-prod", path="/mesh/", assume_role_policy='{"Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}'), "isolation", "acme-shop-extra-prod stands among the identities, and the inventory has no such role"),
    Mutation("instance profile more", SHOP, resource(PAYMENTS, "aws_iam_instance_profile", name="another", role="acme-shop-payments-prod"), "isolation", "acme-shop-payments-prod is shared by acme-shop-payments-prod and another (aws_iam_instance_profile.role)", alone=True),
    Mutation("association of another", BOOKS, put("module.books.aws_eks_pod_identity_association.reviews-v2", service_account="reviews-v1"), "isolation", "acme-books-reviews-v2-prod is handed to core-prod/books/reviews-v1; the inventory declares core-prod/books/reviews-v2"),
    Mutation("everybody trusted", SHOP, trust(BLUE, Principal="*", Condition=None), "isolation", "the trust policy of acme-shop-checkout-blue-prod lets in", f"calls sts:AssumeRole on {BLUE_ROLE}: allowed", alone=True),
    Mutation("second principal", SHOP, trust(BLUE, Principal={"Service": ["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"]}), "isolation", "lets in lambda.amazonaws.com", "lambda.amazonaws.com calls sts:AssumeRole", alone=True),
    Mutation("account trusted", SHOP, added(BLUE, "assume_role_policy", Principal={"AWS": f"{ACCOUNT}:root"}, Action="sts:AssumeRole"), "isolation", f"lets in {ACCOUNT}:role/any-role", "calls sts:AssumeRole"),
    Mutation("source condition lost", SHOP, trust(BLUE, Condition=None), "isolation", "lets in ecs-tasks.amazonaws.com", "ecs-tasks.amazonaws.com calls sts:AssumeRole"),
    Mutation("other source account", SHOP, trust(BLUE, Condition={"ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-1:111122223333:*"}, "StringEquals": {"aws:SourceAccount": "999999999999"}}), "isolation", "lets in ecs-tasks.amazonaws.com", "aws:sourceaccount = 999999999999"),
    Mutation("trust action more", SHOP, trust(BLUE, Action=["sts:AssumeRole", "sts:TagSession"]), "isolation", "lets in ecs-tasks.amazonaws.com", "calls sts:TagSession"),
    Mutation("any service account", BOOKS, trust(EDGE, Condition={"StringLike": ONE_POD}), "isolation", "the trust policy of acme-books-edge-prod lets in", f"{ISSUER.lower()}:sub = system:serviceaccount:books:", alone=True),
    Mutation("audience lost", BOOKS, trust(EDGE, Condition={"StringEquals": {f"{ISSUER}:sub": "system:serviceaccount:books:edge"}}), "isolation", "the trust policy of acme-books-edge-prod lets in", f"{ISSUER.lower()}:sub = system:serviceaccount:books:edge", alone=True),
    Mutation("any repository", BOOKS, trust(INFRA, Condition={"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}, "StringLike": {f"{GITHUB}:sub": "repo:acme/*"}}), "isolation", "the trust policy of acme-infra-prod lets in", f"{GITHUB}:sub = repo:acme/", alone=True),
    Mutation("claim compared if it exists", BOOKS, trust(EDGE, Condition={"StringEqualsIfExists": {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": "system:serviceaccount:books:edge"}}), "isolation", "the trust policy of acme-books-edge-prod lets in", "calls sts:AssumeRoleWithWebIdentity", alone=True),
    Mutation("one pod, two roles", BOOKS, trust("module.books.aws_iam_role.ratings", Condition={"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": "system:serviceaccount:books:edge"}}), "isolation", "the trust policy of acme-books-ratings-prod lets in", "system:serviceaccount:books:edge", alone=True),
    Mutation("trust not known", SHOP, unknown(BLUE, "assume_role_policy"), "isolation", "checkout-blue.assume_role_policy says is known only after the apply", alone=True),
    Mutation("other path", SHOP, put(BLUE, path="/"), "isolation", f"acme-shop-checkout-blue-prod is {ACCOUNT}:role/acme-shop-checkout-blue-prod; the inventory declares {BLUE_ROLE}"),
    # Nodes
    Mutation("every node", SHOP, statement(PERMISSIONS, "Envoy", Resource=f"{NODES}/virtualNode/*"), "nodes", "acme-shop-checkout-blue-prod can stream the node of", f"calls appmesh:StreamAggregatedResources on {NODES}/virtualNode/", alone=True),
    Mutation("the whole mesh", SHOP, statement(PERMISSIONS, "Envoy", Resource=f"{NODES}*"), "nodes", "acme-shop-checkout-blue-prod can stream the node of", f"on {NODES}/virtual", alone=True),
    Mutation("other node", SHOP, statement(PERMISSIONS, "Envoy", Resource=f"{NODES}/virtualNode/payments"), "nodes", "acme-shop-checkout-blue-prod can stream the node of acme-shop-payments-prod", f"on {NODES}/virtualNode/payments: allowed", alone=True),
    Mutation("any node of any mesh", SHOP, statement(PERMISSIONS, "Envoy", Resource="*"), "nodes", "acme-shop-checkout-blue-prod can stream the node of", "calls appmesh:StreamAggregatedResources", alone=True),
    # Least privilege
    Mutation("star action", SHOP, statement(PERMISSIONS, "AppDynamodb", Action="dynamodb:*"), "least privilege", "acme-shop-checkout-blue-prod may do dynamodb:", f"on {ORDERS}: allowed"),
    Mutation("every action", SHOP, statement(PERMISSIONS, "AppDynamodb", Action="*"), "least privilege", "more actions on", ": allowed"),
    Mutation("star resource", SHOP, statement(PERMISSIONS, "AppDynamodb", Resource="*"), "least privilege", "may do dynamodb:GetItem, dynamodb:PutItem on arn:aws:dynamodb:us-east-1:111122223333:table/other", "calls dynamodb:GetItem on arn:aws:dynamodb:us-east-1:111122223333:table/other: allowed"),
    Mutation("condition lost", SHOP, statement(PERMISSIONS, "AppDynamodb2", Condition=None), "least privilege", f"may do dynamodb:Query on {ORDERS}/index/by-customer", f"calls dynamodb:Query on {ORDERS}/index/by-customer: allowed"),
    Mutation("condition with a wildcard", SHOP, statement(PERMISSIONS, "AppDynamodb2", Condition={"StringLike": {"dynamodb:Select": "SPECIFIC_*"}}), "least privilege", "may do dynamodb:Query", "where dynamodb:select = SPECIFIC_"),
    Mutation("statement more", SHOP, added(PERMISSIONS, Action="sqs:SendMessage", Resource="arn:aws:sqs:us-east-1:111122223333:payments"), "least privilege", "may do sqs:SendMessage on arn:aws:sqs:us-east-1:111122223333:payments, which the inventory does not declare", "calls sqs:SendMessage on arn:aws:sqs:us-east-1:111122223333:payments: allowed"),
    Mutation("wrong partition", SHOP, statement(PERMISSIONS, "AppDynamodb", Resource=ORDERS.replace("arn:aws:", "arn:aws-cn:")), "least privilege", f"may not do dynamodb:GetItem, dynamodb:PutItem on {ORDERS}, which the inventory declares", f"calls dynamodb:GetItem on {ORDERS}: not allowed"),
    Mutation("wrong account", SHOP, statement(PERMISSIONS, "AppDynamodb", Resource=ORDERS.replace("111122223333", "999999999999")), "least privilege", "may do dynamodb:GetItem, dynamodb:PutItem on arn:aws:dynamodb:us-east-1:999999999999:table/orders", "table/orders: allowed"),
    Mutation("all but a few actions", SHOP, added(PERMISSIONS, NotAction=["iam:*", "sts:*"], Resource=ORDERS), "least privilege", "may do", f"on {ORDERS}"),
    Mutation("all but one resource", SHOP, added(PERMISSIONS, Action="dynamodb:GetItem", NotResource=ORDERS), "least privilege", "may do dynamodb:GetItem on arn:aws:dynamodb:us-east-1:111122223333:table/other", "table/other: allowed"),
    Mutation("denied what is declared", SHOP, added(PERMISSIONS, Effect="Deny", Action="dynamodb:Put*", Resource="*"), "least privilege", f"may not do dynamodb:PutItem on {ORDERS}, which the inventory declares", f"calls dynamodb:PutItem on {ORDERS}: not allowed"),
    Mutation("policy attached", SHOP, resource(BLUE, "aws_iam_role_policy_attachment", role="acme-shop-checkout-blue-prod", policy_arn="arn:aws:iam::aws:policy/AdministratorAccess"), "least privilege", "what arn:aws:iam::aws:policy/AdministratorAccess says is not in the plan", alone=True),
    Mutation("policy of the plan attached", SHOP, resource(BLUE, "aws_iam_policy_attachment", name="all", roles=["acme-shop-checkout-blue-prod"], policy_arn=f"{ACCOUNT}:policy/mesh/acme-shop-prod-boundary"), "least privilege", "acme-shop-checkout-blue-prod may do", ": allowed"),
    Mutation("policy inside the role", SHOP, put(BLUE, inline_policy=[{"name": "more", "policy": json.dumps({"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::secrets/*"}})}]), "least privilege", "may do s3:GetObject on arn:aws:s3:::secrets/x, which the inventory does not declare (its permissions boundary refuses that today)", "calls s3:GetObject on arn:aws:s3:::secrets/x: allowed"),
    Mutation("policy not known", SHOP, unknown(PERMISSIONS, "policy"), "least privilege", "checkout-blue.policy says is known only after the apply", alone=True),
    Mutation("policy of another role", SHOP, put("module.shop.aws_iam_role_policy.payments", role="acme-shop-checkout-blue-prod"), "least privilege", "acme-shop-checkout-blue-prod may do sqs:DeleteMessage, sqs:ReceiveMessage on arn:aws:sqs:us-east-1:111122223333:payments", ": allowed"),
    Mutation("no policy that AWS takes", SHOP, statement(PERMISSIONS, "AppDynamodb", Effect="Permit"), "least privilege", "AWS rejects its policy"),
    # Layers
    Mutation("the next level", BOOKS, added("module.people.aws_iam_role_policy.mesh-readers", Action="appmesh:UpdateRoute", Resource="arn:aws:appmesh:eu-west-1:333344445555:mesh/books/virtualRouter/reviews/route/r"), "layers", "acme-mesh-readers-prod may do appmesh:updateroute, which only the access route allows", "virtualRouter/reviews/route/r: allowed"),
    Mutation("the level before is not whole", BOOKS, statement("module.people.aws_iam_role_policy.release-managers", "BooksSeeRoutes", Action="appmesh:ListTagsForResource"), "layers", "acme-release-managers-prod has the access observe and may not do appmesh:describeroute", "not allowed"),
    # Boundary
    Mutation("boundary removed", SHOP, put(BLUE, permissions_boundary=None), "no dead grants", "acme-shop-checkout-blue-prod has no permissions boundary; the inventory declares", "calls iam:"),
    Mutation("other boundary", SHOP, put(BLUE, permissions_boundary="arn:aws:iam::aws:policy/AdministratorAccess"), "no dead grants", "has the permissions boundary arn:aws:iam::aws:policy/AdministratorAccess"),
    Mutation("boundary widened", SHOP, statement(BOUNDARY, "Services", Action=["*"]), "no dead grants", "lets through", ": allowed"),
    Mutation("boundary forbids no more", SHOP, edit(BOUNDARY, lambda document: document["Statement"].pop(0)), "no dead grants", "lets through dynamodb:DeleteTable", "calls dynamodb:DeleteTable"),
    Mutation("boundary kills a grant", SHOP, statement(BOUNDARY, "NobodyDeletesOrders", Action=["dynamodb:*"]), "no dead grants", f"the permissions boundary of acme-shop-checkout-blue-prod refuses dynamodb:getitem on {ORDERS}", "not allowed", alone=True),
    Mutation("boundary not known", AUDIT, unknown("module.shop.aws_iam_policy.boundary", "policy"), "no dead grants", "boundary.policy says is known only after the apply", alone=True),
    # Escalation
    Mutation("its own policy", BOOKS, added("module.books.aws_iam_role_policy.ratings", Action="iam:PutRolePolicy", Resource="*"), "escalation", "acme-books-ratings-prod can escalate by iam:PutRolePolicy", "calls iam:PutRolePolicy on arn:aws:iam::333344445555:role/mesh/acme-books-ratings-prod: allowed", alone=True),
    Mutation("a role that is passed", BOOKS, added("module.books.aws_iam_role_policy.ratings", Action=["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], Resource="*"), "escalation", "can escalate by iam:PassRole and lambda:CreateFunction and lambda:InvokeFunction", "calls iam:PassRole on arn:aws:iam::", alone=True),
    Mutation("a new version of any policy", BOOKS, added("module.books.aws_iam_role_policy.ratings", Action="iam:CreatePolicyV*", Resource="*"), "escalation", "can escalate by iam:CreatePolicyVersion", "calls iam:CreatePolicyVersion on arn:aws:iam::", alone=True),
    Mutation("one role becomes another", BOOKS, assumes("ratings", "edge"), "escalation", "acme-books-ratings-prod can become acme-books-ratings-prod → acme-books-edge-prod", f"{role('ratings')} calls sts:AssumeRole on {role('edge')}: allowed", alone=True),
    Mutation("a chain of roles", BOOKS, both(assumes("ratings", "reviews-v1"), assumes("reviews-v1", "edge")), "escalation", "acme-books-ratings-prod can become 2 roles, as in acme-books-ratings-prod → acme-books-reviews-v1-prod → acme-books-edge-prod", "calls sts:AssumeRole", alone=True),
    Mutation("a chain through the account", BOOKS, both(added("module.books.aws_iam_role_policy.ratings", Action="sts:AssumeRole", Resource="*"), added("module.books.aws_iam_role.edge", "assume_role_policy", Principal={"AWS": "333344445555"}, Action="sts:*")), "escalation", "acme-books-ratings-prod can become acme-books-ratings-prod → acme-books-edge-prod", "calls sts:AssumeRole", alone=True),
)  # fmt: skip
