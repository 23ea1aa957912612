"""How `@cloud-copilot/iam-simulate` reads a case where it reads it in another way than we do."""

import json
import re
from typing import Any

from differential.case import Case, statements
from differential.reading import ARN_COLONS, NOTHING, Statement, conditions, context, edited, replaced, unless, with_resources
from meshrole.iam import Request

VARIABLE = re.compile(r"\$\{([^},]+)\}")
LEADING_TAG = re.compile(r"arn(:[^:]*){4}:\$\{[^}]*/")
TODAY = {"Version": "2012-10-17"}
FULL = {**TODAY, "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ANYBODY = {**TODAY, "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}


def without_service_links(case: Case) -> Case:
    """Roles of services are roles like any other."""
    return replaced(case, ("aws-service-role/", "services/"), ("AWSServiceRoleFor", "RoleFor"))


def scps_for_everybody(case: Case) -> Case:
    """SCPs limit whoever calls: here as the policy of an endpoint, which does."""
    levels = [level for level in case.policies.get("scp") or [] if level != [FULL]]
    return _endpoint(case, [each for level in levels for each in level], "scp") if levels else case


def rcps_for_everything(case: Case) -> Case:
    """RCPs limit the actions of every service."""
    levels = case.policies.get("rcp") or []
    found = [each for level in levels for each in level]
    return _endpoint(case, [*found, ANYBODY], "rcp") if found else case


def _endpoint(case: Case, documents: list[Any], layer: str) -> Case:
    named = [{**each, "Statement": [{"Principal": "*", **one} for one in statements(each)]} for each in documents]
    return case._replace(policies={**case.policies, layer: [], "endpoint": [*(case.policies.get("endpoint") or []), *named]})


def root_as_user(case: Case) -> Case:
    """The root user needs permissions as a user does."""
    principal = case.request["principal"]
    if not isinstance(principal, str) or not principal.endswith(":root"):
        return case
    return case._replace(request={**case.request, "principal": principal.replace(":root", ":user/root")})


def sessions_limit_all(case: Case) -> Case:
    """What the session policy does not allow is refused, whatever the resource's policy grants: as an SCP would."""
    session = case.policies.get("session")
    if not session:
        return case
    return case._replace(
        policies={**case.policies, "session": None, "scp": [*(case.policies.get("scp") or []), [session | TODAY]]}
    )


def without_boundary(case: Case) -> Case:
    """There is no permissions boundary."""
    return case._replace(policies={**case.policies, "boundary": None}) if case.policies.get("boundary") else case


def without_lattice(case: Case) -> Case:
    """A call through VPC Lattice is a call of some service whose resources may have a policy."""
    return replaced(case, ("vpc-lattice-svcs:", "mesh-svcs:"))


def other_kms_operation(case: Case) -> Case:
    """Every operation of KMS works on the keys of other accounts."""
    action = case.request["action"]
    return replaced(case, (f'"{action}"', '"kms:Decrypt"')) if action.startswith("kms:") else case


def one_partition(case: Case) -> Case:
    """Accounts of other partitions are accounts like any other."""
    return replaced(case, ("arn:aws-cn:", "arn:aws:"), ("arn:aws-us-gov:", "arn:aws:"))


def user_for_sts(case: Case) -> Case:
    """Root users and federated users call STS as users do."""
    principal = str(case.request["principal"])
    if not case.request["action"].startswith("sts:"):
        return case
    if ":federated-user/" in principal:
        return replaced(case, (principal, principal.replace(":sts::", ":iam::").replace(":federated-user/", ":user/")))
    return root_as_user(case)


def newest_version(case: Case) -> Case:
    """Every policy is one of today's version."""
    text = json.dumps(case.policies).replace("2008-10-17", "2012-10-17")
    policies = json.loads(text, object_hook=lambda found: {"Version": "2012-10-17", **found} if "Statement" in found else found)
    return case._replace(policies=policies)


def without_unresolved(case: Case) -> Case:
    """A statement with a variable for which the request has no value does not apply."""
    lookup = Request.of(case.request).facts.lookup

    def edit(statement: Statement) -> Statement | None:
        names = VARIABLE.findall(json.dumps(statement))
        return statement if all(name in "*?$" or lookup(name.lower()) for name in names) else None

    return edited(case, edit)


def plain_null(case: Case) -> Case:
    """Null asks the same with a set operator as without one."""
    return edited(case, conditions(lambda operator, keys: ("Null" if operator.endswith(":Null") else operator, keys)))


def empty_is_present(case: Case) -> Case:
    """A key with an empty list of values is there: `Null` with "false" holds, with "true" it does not."""
    empty = {key for key, value in context(case).items() if value == []}

    def change(operator: str, keys: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return operator, {key: value for key, value in keys.items() if operator != "Null" or key not in empty}

    def absent(operator: str, key: str, values: list[str]) -> bool:
        return operator == "Null" and key in empty and values == ["true"]

    return edited(unless(case, absent), conditions(change)) if empty else case


def without_epoch(case: Case) -> Case:
    """Seconds since 1970 in a request are no date that a date in a policy is compared with: such a statement does not apply."""
    seconds = {key.lower() for key, value in context(case).items() if str(value).isdigit()}

    def foreign(operator: str, key: str, values: list[str]) -> bool:
        return "Date" in operator and key.lower() in seconds and not all(value.isdigit() for value in values)

    return unless(case, foreign)


def without_mixed_addresses(case: Case) -> Case:
    """A condition that compares an IPv6 address with an IPv4 network, or the other way round, does not hold."""
    values = {key.lower(): str(value) for key, value in context(case).items()}

    def mixed(operator: str, key: str, networks: list[str]) -> bool:
        own = values.get(key.lower())
        return "IpAddress" in operator and own is not None and all((":" in own) != (":" in each) for each in networks)

    return unless(case, mixed)


def without_leading_tags(case: Case) -> Case:
    """A resource whose last part begins with a tag as variable is the resource of nothing."""
    return with_resources(case, lambda text: NOTHING if LEADING_TAG.match(text) else text)


def without_open_networks(case: Case) -> Case:
    """The network of all addresses has none in it."""
    return replaced(case, ("0.0.0.0/0", "192.0.2.77/32"))


def without_partial_arns(case: Case) -> Case:
    """A condition with a pattern of fewer than six parts for an ARN does not hold, whatever the operator is."""

    def partial(operator: str, _: str, values: list[str]) -> bool:
        return "Arn" in operator and any(value.count(":") < ARN_COLONS and value != "*" for value in values)

    return unless(case, partial)


def full_session(case: Case) -> Case:
    """Where no session policy was given, there is one that allows everything."""
    return case if case.policies.get("session") else case._replace(policies={**case.policies, "session": FULL})
