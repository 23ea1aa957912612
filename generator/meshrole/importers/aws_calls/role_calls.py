"""`aws iam`: roles and their policies, put together from the calls that print or take their parts.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from meshrole.importers.aws_calls.answers import SOURCE, Answer
from meshrole.importers.aws_calls.gathered import Entry
from meshrole.importers.aws_calls.policies import document, statements, words
from meshrole.importers.aws_calls.reading import at, each, text, texts
from meshrole.importers.found import Miss
from meshrole.importers.running import Policy, Profile, Role
from meshrole.importers.values import Value

ROLES = {"role", "roles", "roledetaillist"}
MANAGED = {"policy", "policies", "policyversion"}
ATTACHMENTS = {"attachedpolicies", "policynames"}
TAKEN = {*ROLES, *ATTACHMENTS, "policyversion", "instanceprofile", "instanceprofiles", "assumerolepolicydocument"}


def takes(answer: Answer) -> bool:
    """Whether a document is of IAM."""
    keys = answer.keys
    if keys & TAKEN or {"rolename", "policyarn"} <= keys or {"policyname", "policydocument"} <= keys:
        return True
    policy = at(SOURCE, answer.body, "policy")
    listed = next(each(SOURCE, answer.body, "policies"), None)
    return (
        text(SOURCE, policy, "policyname") is not None or text(SOURCE, listed, "policyname") is not None or _is_document(answer)
    )


def read(answers: Sequence[Answer]) -> Iterator[Entry]:
    """Roles with what is attached to them; a Miss for what says not to which."""
    gathered = _Gathered()
    for answer in answers:
        gathered.take(answer)
    yield from gathered.entries()


@dataclass
class _Gathered:
    """The parts of roles, by their names, until all have been seen."""

    roles: dict[Value, Role] = field(default_factory=dict)
    policies: dict[Value, list[Policy]] = field(default_factory=dict)
    documents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    profiles: list[Profile] = field(default_factory=list)
    waiting: list[Answer] = field(default_factory=list)

    def take(self, answer: Answer) -> None:
        """Takes what a document says."""
        body = answer.body
        for role in self._roles_in(answer):
            self._role(answer, role)
        for policy in (at(SOURCE, body, "policy"), *each(SOURCE, body, "policies")):
            self._managed(policy)
        for item in (at(SOURCE, body, "instanceprofile"), *each(SOURCE, body, "instanceprofiles")):
            self._profile(answer, item)
        name = text(SOURCE, body, "rolename")
        if name is not None:
            self._attached(answer, name)
        elif answer.keys & {*ATTACHMENTS, "policyversion"} or _is_document(answer):
            self.waiting.append(answer)
        elif {"policyname", "policydocument"} <= answer.keys:
            self._documented(text(SOURCE, body, "policyname"), at(SOURCE, body, "policydocument"))

    def _roles_in(self, answer: Answer) -> Iterator[Any]:
        body = answer.body
        yield from (at(SOURCE, body, "role"), *each(SOURCE, body, "roles"), *each(SOURCE, body, "roledetaillist"))
        if "assumerolepolicydocument" in answer.keys:
            yield body

    def _role(self, answer: Answer, body: Any) -> None:
        name = text(SOURCE, body, "rolename")
        if name is None:
            return
        origin, path = answer.origin(name, body), text(SOURCE, body, "path")
        trust = at(SOURCE, body, "assumerolepolicydocument")
        boundary = at(SOURCE, body, "permissionsboundary")
        self.roles[name] = Role(
            key=name.text,
            name=name,
            origin=origin,
            arn=text(SOURCE, body, "arn"),
            trust=document(SOURCE, trust),
            boundary=boundary if isinstance(boundary, Value) else text(SOURCE, boundary, "permissionsboundaryarn"),
            path=path.text if path else "/",
        )
        kept = self.policies.setdefault(name, [])
        for item in each(SOURCE, body, "rolepolicylist"):
            named = str(text(SOURCE, item, "policyname"))
            kept.append(Policy(named, origin, document(SOURCE, at(SOURCE, item, "policydocument"))))
        kept += (Policy(arn.text, origin, managed=arn) for arn in _arns(body, "attachedmanagedpolicies"))
        for profile in each(SOURCE, body, "instanceprofilelist"):
            self._profile(answer, profile)

    def _attached(self, answer: Answer, name: Value) -> None:
        """What a call with a role's name says of its policies."""
        body, origin = answer.body, answer.origin(name)
        kept = self.policies.setdefault(name, [])
        kept += (
            Policy(arn.text, origin, managed=arn) for arn in (*texts(SOURCE, body, "policyarn"), *_arns(body, "attachedpolicies"))
        )
        if "policydocument" in answer.keys:
            policy = str(text(SOURCE, body, "policyname") or "inline")
            kept.append(Policy(policy, origin, document(SOURCE, at(SOURCE, body, "policydocument"))))

    def _managed(self, body: Any) -> None:
        for version in each(SOURCE, body, "policyversionlist"):
            if at(SOURCE, version, "isdefaultversion") is True:
                self._documented(text(SOURCE, body, "arn"), at(SOURCE, version, "document"))

    def _documented(self, name: Value | None, body: Any) -> None:
        read = document(SOURCE, body)
        if name is not None and read is not None:
            self.documents[name.text] = read

    def _profile(self, answer: Answer, body: Any) -> None:
        name = text(SOURCE, body, "instanceprofilename")
        if name is not None:
            role = text(SOURCE, next(each(SOURCE, body, "roles"), None), "rolename")
            self.profiles.append(Profile(name, role, answer.origin(name, body)))

    def entries(self) -> Iterator[Entry]:
        """Roles, profiles and misses, when all has been taken."""
        misses = list(self._settled())
        for name, policies in self.policies.items():
            role = self.roles.get(name) or Role(name.text, name, policies[0].origin) if policies or name in self.roles else None
            if role is not None:
                once = {policy.managed or (policy.name, number): policy for number, policy in enumerate(policies)}
                yield replace(role, policies=tuple(map(self._with_document, once.values())))
        yield from self.profiles
        yield from misses
        for policy in (item for policies in self.policies.values() for item in policies):
            if policy.document is None and policy.managed is None:
                yield Miss(policy.origin, f"policy {policy.name}", "not a policy document")

    def _with_document(self, policy: Policy) -> Policy:
        arn = policy.managed.text if policy.managed else ""
        found = self.documents.get(arn) or self.documents.get(arn.rpartition("/")[2])
        return replace(policy, document=found) if policy.document is None and found is not None else policy

    def _settled(self) -> Iterator[Miss]:
        """What says not whose it is: taken for that of the role or policy that the file is named after."""
        roles = {str(name): name for name in (*self.roles, *self.policies)}
        left = [answer for answer in self.waiting if not self._is_attached(answer, roles)]
        held = (item.managed for kept in self.policies.values() for item in kept if item.managed is not None)
        policies = {arn.text.rpartition("/")[2]: arn for arn in held}
        for stem, answers in _by_stem(left).items():
            policy = policies.get(_longest(policies, stem))
            for answer in answers:
                if policy is not None and "policyversion" in answer.keys:
                    self._documented(policy, at(SOURCE, answer.body, "policyversion", "document"))
                else:
                    what = "a policy document" if _is_document(answer) else ", ".join(sorted(answer.keys))
                    yield Miss(answer.origin(), what, "it does not say whose it is, and neither does the file's name")

    def _is_attached(self, answer: Answer, roles: Mapping[str, Value]) -> bool:
        name = roles.get(_longest(roles, answer.stem)) if "attachedpolicies" in answer.keys else None
        if name is not None:
            self._attached(answer, name)
        return name is not None


def _by_stem(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        found.setdefault(answer.stem, []).append(answer)
    return found


def _arns(body: Any, key: str) -> Iterator[Value]:
    for item in each(SOURCE, body, key):
        arn = text(SOURCE, item, "policyarn")
        if arn is not None:
            yield arn


def _longest(names: Mapping[str, Any], stem: str) -> str:
    """The longest of `names` that a file's name has in it."""
    return max((name for name in names if name and name in stem), key=len, default="")


def _is_document(answer: Answer) -> bool:
    """Whether a document is an IAM policy alone."""
    return "statement" in answer.keys and any(
        words(item.get("Action")) or words(item.get("NotAction")) for item in statements(answer.body)
    )
