"""Did the inventory mean to allow what was denied, and which line of it decides?"""

from collections.abc import Iterable
from dataclasses import replace

from meshrole.access import lines, roles, trust
from meshrole.access.denial import Denial, Principal
from meshrole.access.finding import Estate, Finding, Pointer
from meshrole.access.holders import SHOWN, listed, more, who_may
from meshrole.access.layers import LAYERS
from meshrole.access.matching import Cited, matching
from meshrole.access.roles import Found
from meshrole.iam import actions
from meshrole.iam.policy import Document

# Layers that no inventory makes: whoever owns them has to change them.
ELSEWHERE = ("scp", "rcp", "endpoint", "session", "resource", "lattice-network", "lattice-service", "public-access-block")


def diagnose(denial: Denial, estate: Estate) -> Finding:
    """What the inventory says of a denial. A resource that AWS names without an ARN (`role x`) is as good as none."""
    if denial.resource not in (None, "*") and not (denial.resource or "").startswith("arn:"):
        denial = replace(denial, resource=None)
    if trust.decides(denial):
        target = roles.find_arn(estate.roles, denial.resource or "")
        if target is not None:
            return trust.diagnose(denial, target, estate)
    who = denial.principal
    if who is None:
        return _nobody(denial, estate)
    if who.role is None:
        return _not_a_role(denial, who, estate)
    found = roles.find_arn(estate.roles, who.role_arn or "") or roles.find(estate.roles, who.account, who.role)
    return _of_role(denial, found, estate) if found else _unknown(denial, who, estate)


def _of_role(denial: Denial, found: Found, estate: Estate) -> Finding:
    if denial.action is None:
        message = f"{found.role.name} is in the inventory; which action it was refused is not known"
        return Finding(verdict="nobody", message=message, path=found.role.source, found=found)
    denied = _denying(found.documents, denial)
    if denied is not None:
        return _forbidden(denied, found, lines.written_statement(found, denied.statement), "its own")
    limited = _limited(denial, found, estate)
    if limited is not None:
        return limited
    allowing = sorted(matching(found.documents, denial, "Allow"), key=lambda cited: STATES.index(cited.state))
    return _allowed(denial, allowing[0], found, estate) if allowing else _missing(denial, found, estate)


STATES = ("holds", "unknown", "fails")


def _denying(documents: Iterable[tuple[str, Document]], denial: Denial) -> Cited | None:
    """The Deny that applies; one whose conditions are not known does not count where AWS says that nothing denies."""
    states = ("holds",) if denial.kind == "implicit" else ("holds", "unknown")
    found = [cited for cited in matching(documents, denial, "Deny") if cited.state in states]
    return min(found, key=lambda cited: STATES.index(cited.state), default=None)


def _forbidden(cited: Cited, found: Found, path: tuple[str | int, ...], whose: str) -> Finding:
    statement = cited.statement
    message = f"statement {statement.sid} ({whose}) denies {listed(statement.actions)}"
    help_line = "an explicit Deny wins over every Allow; take the action out of it if the role shall do this"
    is_sure = cited.state == "holds"
    if not is_sure:
        keys = ", ".join(check.key for check in cited.checks if check.state == "unknown")
        message += f" under conditions on {keys}, whose values are not known here"
    return Finding(
        verdict="forbidden" if is_sure else "conditional",
        message=f"the inventory forbids it: {message}",
        path=path,
        found=found,
        help=help_line,
        cited=cited,
        checks=cited.checks,
    )


def _limited(denial: Denial, found: Found, estate: Estate) -> Finding | None:
    """The boundary that the inventory gives the role, where it stops the action."""
    boundary, limits = found.boundary, found.root.environment.boundary
    if not boundary or limits is None or denial.action is None:
        return None
    named = (("boundary", boundary),)
    path = (*limits.path, "statements")
    denied = _denying(named, denial)
    if denied is not None:
        index = next((number for number, item in enumerate(limits.statements) if item.sid == denied.statement.sid), None)
        return _forbidden(denied, found, path if index is None else (*path, index), "of the permissions boundary")
    if any(cited.state != "fails" for cited in matching(named, denial, "Allow")):
        return None
    change = lines.missing(found, denial.action, denial.resource, estate.written)
    has_grant = any(matching(found.documents, denial, "Allow"))
    own = () if has_grant else (Pointer("and here, since the role itself does not allow it either", change.path),)
    return Finding(
        verdict="forbidden",
        message=f"the permissions boundary of environment {found.root.environment.name} does not allow {denial.action}",
        path=lines.existing(path, estate.written),
        found=found,
        add=f'- {{Sid: SID, Effect: Allow, Action: ["{denial.action}"], Resource: "*"}}',
        help="a boundary grants nothing: the role needs a permission as well",
        others=own,
    )


def _allowed(denial: Denial, cited: Cited, found: Found, estate: Estate) -> Finding:
    path = lines.source(found, denial.action or "", denial.resource, estate.written)
    statement = f"statement {cited.statement.sid} of {cited.document}"
    if cited.state == "fails":
        failing = next(check for check in cited.checks if check.state == "fails")
        message = f"the inventory allows it under a condition that this request does not meet: {failing.key} in {statement}"
        return Finding(verdict="conditional", message=message, path=path, found=found, cited=cited, checks=cited.checks)
    if cited.state == "unknown":
        keys = ", ".join(check.key for check in cited.checks if check.state == "unknown")
        message = f"the inventory allows it under conditions on {keys} ({statement}); their values are not known here"
        help_line = "compare them with the request; where they are met, the deployed role differs from the inventory"
        return Finding(
            verdict="conditional", message=message, path=path, found=found, help=help_line, cited=cited, checks=cited.checks
        )
    if denial.resource is None and "*" not in cited.statement.resources:
        message = f"the inventory allows it on {listed(cited.statement.resources)} ({statement}); the resource is not named here"
        help_line = (
            "where the call was about one of these, the deployed role differs from the inventory; otherwise it lacks a resource"
        )
        return Finding(verdict="conditional", message=message, path=path, found=found, help=help_line, cited=cited)
    message = f"the inventory allows it: {statement}"
    return Finding(
        verdict="allowed",
        message=message,
        path=path,
        found=found,
        help=_difference(denial, found),
        cited=cited,
        checks=cited.checks,
    )


def _difference(denial: Denial, found: Found) -> str:
    """Why AWS still refuses what the inventory allows."""
    if denial.layer in ("lattice-network", "lattice-service") and found.mesh and found.mesh.lattice:
        return "the deployed auth policy differs from the inventory's: it is not applied yet, or was edited by hand"
    layer = LAYERS.get(denial.through or denial.layer or "")
    if layer is not None and layer.name in ELSEWHERE:
        return f"nothing is to be changed here: the denial comes from {layer.a_title}, which {layer.owner} can change"
    if denial.layer == "boundary":
        return "the boundary that the deployed role has differs from the inventory's: apply the plan, or find who changed it"
    if denial.layer == "identity" and denial.kind == "explicit":
        return "the deployed role has a policy with a Deny that the inventory does not know: somebody attached it by hand"
    if denial.layer == "identity":
        return "the deployed role differs from the inventory: it is not applied yet, or was edited by hand; see `meshrole plan`"
    return (
        "the deployed role differs from the inventory (not applied yet, or edited by hand), or another layer denies: "
        "an SCP, a boundary, the resource's own policy"
    )


def _missing(denial: Denial, found: Found, estate: Estate) -> Finding:
    action = denial.action or ""
    others = tuple(who_may(denial, estate, but=found))
    on = f" on {denial.resource}" if denial.resource else ""
    if action.lower() == lines.ENVOY:
        return _wrong_node(denial, found, others)
    if actions.find(action) is None:
        close = ", ".join(actions.nearest(action)) or "none is spelled like it"
        message = (
            f"the inventory does not allow {found.role.name} to do {action}, and AWS's reference has no such action: {close}"
        )
        return Finding(verdict="missing", message=message, path=found.role.source, found=found, others=others)
    change = lines.missing(found, action, denial.resource, estate.written)
    beside = ""
    if denial.layer in ELSEWHERE:
        beside = f"; the {LAYERS[denial.layer].title} has to allow it as well"
    return Finding(
        verdict="missing",
        message=f"the inventory does not allow {found.role.name} to do {action}{on}: {change.why}{beside}",
        path=change.path,
        found=found,
        add=change.add,
        help="then `meshrole generate`, and apply the plan",
        others=others,
    )


def _wrong_node(denial: Denial, found: Found, others: tuple[Pointer, ...]) -> Finding:
    """Each Envoy may stream its own node only, so another node's means a wrong role or a wrong node.

    https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html
    """
    own = next(
        (item.resources[0] for _, document in found.documents for item in document if lines.ENVOY in _lower(item.actions)), None
    )
    message = f"{found.role.name} may stream {own or 'no node'}, and this Envoy asked for {denial.resource}"
    help_line = "run it with the role of that node, or name its own node in Envoy's APPMESH_RESOURCE_ARN"
    return Finding(verdict="missing", message=message, path=found.role.source, found=found, help=help_line, others=others)


def _nobody(denial: Denial, estate: Estate) -> Finding:
    if trust.decides(denial):
        every = trust.assumable(denial, estate)
        others = (*every[:SHOWN], *more(every, estate))
        may = "these roles can be assumed so" if others else "no role of the inventory can be assumed so"
    else:
        others = tuple(who_may(denial, estate))
        what = denial.action or (f"something of {denial.service}" if denial.service else "")
        on = f" on {denial.resource}" if denial.resource else ""
        may = f"{'these roles' if others else 'no role'} of the inventory may do {what}{on}" if what else ""
    message = f"no principal is named, so no role can be told{f'; {may}' if may else ''}"
    return Finding(verdict="nobody", message=message, path=others[0].path if others else estate.top, others=others)


def _not_a_role(denial: Denial, who: Principal, estate: Estate) -> Finding:
    others = tuple(who_may(denial, estate))
    what = (
        "nobody signed this request, and an inventory gives"
        if who.kind == "anonymous"
        else f"this is a {who.kind}; an inventory gives"
    )
    message = f"{what} permissions to its own roles only"
    return Finding(verdict="not-a-role", message=message, path=others[0].path if others else estate.top, others=others)


def _unknown(denial: Denial, who: Principal, estate: Estate) -> Finding:
    name = who.role or ""
    elsewhere = tuple(roles.named(estate.roles, name))
    close = elsewhere or roles.nearest(estate.roles, name)
    message = f'the inventory has no role "{name}"' + (f" in account {who.account}" if who.account else "")
    if elsewhere:
        message += f"; it has one of that name in account {roles.account_of(elsewhere[0].role)}"
    others = tuple(Pointer(item.role.arn, item.role.source) for item in close)
    may = tuple(who_may(denial, estate)) if denial.action and not others else ()
    path = close[0].role.source if close else estate.top
    help_line = "the nearest are below" if others else "is this the inventory of that account?"
    return Finding(verdict="unknown-role", message=message, path=path, help=help_line, others=others or may)


def _lower(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.lower() for name in names)
