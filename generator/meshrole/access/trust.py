"""Which part of a role's trust policy does not match the one who asked for the role.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html
"""

from dataclasses import replace

from meshrole.access import lines
from meshrole.access.denial import ARN_PARTS, Denial, Principal
from meshrole.access.finding import Estate, Finding, Pointer
from meshrole.access.matching import Check, Cited, State, checks
from meshrole.access.roles import Found
from meshrole.access.trust_lines import path_of
from meshrole.iam import wildcard
from meshrole.iam.policy import Statement

ACTIONS = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity")
PRINCIPAL, ACTION = "principal", "action"


def decides(denial: Denial) -> bool:
    """Whether a role's trust policy may be what denied."""
    return (denial.action or "").lower().startswith(ACTIONS) and denial.layer in (None, "trust")


def diagnose(denial: Denial, target: Found, estate: Estate) -> Finding:
    """The statement of the trust policy that comes closest, each of its parts beside what the request shows."""
    looked_at = [Cited("trust", index, item, _checks(item, denial)) for index, item in enumerate(target.role.trust)]
    closest = min(
        looked_at, key=lambda cited: [sum(check.state == state for check in cited.checks) for state in ("fails", "unknown")]
    )
    failing = [check for check in closest.checks if check.state == "fails"]
    unknown = [check for check in closest.checks if check.state == "unknown"]
    base = Finding(
        verdict="trust-allows",
        message=f"the inventory lets this principal assume {target.role.name}",
        path=target.role.source,
        found=target,
        help="the deployed trust policy differs from the inventory (not applied yet, or edited by hand), "
        "or the caller's own policies or an SCP deny the call",
        cited=closest,
        checks=closest.checks,
    )
    if failing:
        parts = "; ".join(
            f"{check.key} must be {_either(check.expected)}, found {_either(check.found or ('nothing',))}" for check in failing
        )
        path = lines.existing(path_of(failing[0], target, estate.written), estate.written)
        help_line = "change the inventory if this principal shall have the role; otherwise let it ask for its own"
        return replace(
            base,
            verdict="trust",
            message=f"the trust policy of {target.role.name} does not match: {parts}",
            path=path,
            help=help_line,
        )
    if unknown:
        keys = ", ".join(check.key for check in unknown)
        path = lines.existing(path_of(unknown[0], target, estate.written), estate.written)
        message = f"{target.role.name} can be assumed only where these match, which is not shown here: {keys}"
        help_line = "compare them with the caller's; the CloudTrail event (--event) shows more than a message"
        return replace(base, verdict="trust-unclear", message=message, path=path, help=help_line)
    return base


def assumable(denial: Denial, estate: Estate) -> tuple[Pointer, ...]:
    """The roles that the denied call is for, each with what its trust policy asks for."""
    action = (denial.action or "").lower()
    return tuple(
        Pointer(f"{item.role.name}: {_asked(statement)}", item.role.source)
        for item in estate.roles
        for statement in item.role.trust
        if action in (name.lower() for name in statement.actions)
    )


def _asked(statement: Statement) -> str:
    principals = (name for _, names in statement.principals for name in names)
    conditions = (f"{key} {_either(values)}" for _, keys in statement.conditions for key, values in keys)
    return ", ".join((*principals, *conditions))


def _checks(statement: Statement, denial: Denial) -> tuple[Check, ...]:
    return (_principal(statement, denial.principal), _action(statement, denial.action or ""), *checks(statement, denial))


def _action(statement: Statement, action: str) -> Check:
    allows = any(wildcard.matches(name.lower(), action.lower()) for name in statement.actions)
    return Check("", ACTION, statement.actions, (action,), "holds" if allows else "fails")


def _principal(statement: Statement, who: Principal | None) -> Check:
    expected = tuple(name for _, names in statement.principals for name in names)
    if who is None or (who.kind in ("web identity", "SAML user") and who.provider is None):
        return Check("", PRINCIPAL, expected, None, "unknown")
    names = _names(who)
    state: State = "holds" if "*" in expected or set(names) & set(expected) else "fails"
    # A SAML user's event may name the provider by a hash instead of its ARN.
    if state == "fails" and who.kind == "SAML user" and not (who.provider or "").startswith("arn:"):
        state = "unknown"
    return Check("", PRINCIPAL, expected, names[:1], state)


def _names(who: Principal) -> tuple[str, ...]:
    """The names under which a trust policy may mean a principal, the one to show first.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    if who.provider is not None:
        return (who.provider,)
    parts = who.text.split(":", ARN_PARTS - 1)
    if len(parts) < ARN_PARTS:
        return (who.text,)
    partition = parts[1]
    account = (f"arn:{partition}:iam::{who.account}:root", who.account) if who.account else ()
    role = (who.role_arn or f"arn:{partition}:iam::{who.account}:role/{who.role}",) if who.role else ()
    return tuple(name for name in (*role, who.text, *account) if name)


def _either(values: tuple[str, ...]) -> str:
    return " or ".join(values)
