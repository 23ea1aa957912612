"""The roles that a proof is about: as they are planned or rendered, each with what the inventory declares of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from meshrole.access.verify import cells
from meshrole.access.verify.cells import Cells, Except
from meshrole.access.verify.compare import Side, UndecidedError
from meshrole.access.verify.declared import Declared
from meshrole.access.verify.declared_auth import DeclaredAuth
from meshrole.access.verify.declared_edges import DeclaredPods
from meshrole.access.verify.finding import Finding
from meshrole.errors import InputError
from meshrole.inventory.values import Path
from meshrole.plans.facts import AccessEntry, AuthPolicy, Document, Facts, Role, Stray
from meshrole.plans.manifests import Manifest

MESH, WORKLOAD, PEOPLE, PIPELINE = "meshrole:mesh", "meshrole:workload", "meshrole:people", "meshrole:pipeline"
SERVICE_CONTROL, RESOURCE_CONTROL = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
CACHE = 1_024
FEDERATED = ("people", "pipelines")


@dataclass(frozen=True)
class Subject:
    """A role, and what is declared of it; `declared` is None without an inventory, and for roles that it has not."""

    role: Role
    declared: Declared | None

    @property
    def name(self) -> str:
        """The role's name, or its address where the name is not known yet."""
        return self.role.name or self.role.address

    @property
    def path(self) -> Path:
        """Where the inventory asks for it."""
        return self.declared.source if self.declared else ()

    @property
    def is_ours(self) -> bool:
        """Whether it is an identity of a mesh: declared, or tagged as one."""
        tags = dict(self.role.tags)
        return self.declared is not None or any(key in tags for key in (WORKLOAD, PEOPLE, PIPELINE))

    @property
    def is_workload(self) -> bool:
        """Whether it is a workload's, a gateway's or a helper's of one."""
        if self.declared:
            return self.declared.found.module.name not in FEDERATED
        return self.role.tag(WORKLOAD) is not None

    @cached_property
    def policies(self) -> Side:
        """What its policies allow and deny, of those that are known and are policies."""
        return side(self.role.policies)

    @property
    def hides_any(self) -> bool:
        """Whether a policy of it is not known yet, so that it may do more than the others say."""
        return any(document.text is None for document in self.role.policies)

    @cached_property
    def limits(self) -> Side | None:
        """What its boundary lets through; None where there is none, or it is not known."""
        boundary = self.role.boundary
        known = boundary.document if boundary else None
        if known is not None:
            return _boundary(known) if known.text is not None else None
        is_declared = boundary and self.declared and boundary.arn == self.declared.found.role.boundary
        return self.declared.limits if is_declared and self.declared else None

    @cached_property
    def names(self) -> frozenset[str] | None:
        """The actions that it is allowed, in lower case; None where there are wildcards among them."""
        allowed = {cell.action for cell in self.policies.cells if cell.effect == "Allow"}
        if any(isinstance(action, Except) or "*" in action or "?" in action for action in allowed):
            return None
        return frozenset(action for action in allowed if isinstance(action, str))

    def may_do_any(self, actions: frozenset[str]) -> bool:
        """Whether a statement allows one of these actions, in lower case, whatever the resource."""
        return self.names is None or not self.names.isdisjoint(actions)


@dataclass(frozen=True)
class Estate:
    """Everything that is proved at once. `missing` is declared and not there, `elsewhere` what is declared in other roots.

    `written` is the inventory's values, `strays` are policies of roles that are not there, `auth` are auth policies.
    `manifests` are Kubernetes' (None: they are not where the roles are from).
    """

    subjects: tuple[Subject, ...]
    missing: tuple[Declared, ...]
    scp: Side
    rcp: Side
    organization: str | None
    has_inventory: bool
    modules: frozenset[str] = field(default_factory=frozenset)
    written: Mapping[str, Any] = field(default_factory=dict)
    elsewhere: tuple[Declared, ...] = ()
    strays: tuple[Stray, ...] = ()
    auth: tuple[AuthPolicy, ...] = ()
    declared_auth: tuple[DeclaredAuth, ...] = ()
    manifests: tuple[Manifest, ...] | None = None
    declared_pods: tuple[DeclaredPods, ...] = ()
    entries: tuple[AccessEntry, ...] = ()

    @cached_property
    def ours(self) -> tuple[Subject, ...]:
        """The identities of meshes."""
        return tuple(subject for subject in self.subjects if subject.is_ours)

    @cached_property
    def declared(self) -> tuple[tuple[Subject, Declared], ...]:
        """The identities with what is declared of them."""
        return tuple((subject, subject.declared) for subject in self.subjects if subject.declared)


Matched = tuple[tuple[Subject, ...], tuple[Declared, ...], tuple[Declared, ...]]


def match(facts: Sequence[Facts], declared: Iterable[Declared]) -> Matched:
    """The roles with what is declared of each; what is declared in the environments of the facts and is not there; the rest."""
    known: dict[str, dict[str, Declared]] = {}
    for item in declared:
        known.setdefault(item.environment, {})[item.name.lower()] = item
    subjects: list[Subject] = []
    met: set[int] = set()
    reached: set[str] = set()
    for root in facts:
        environments = [name for name in root.environments if name in known] or list(known)
        reached |= set(root.environments) & set(known)
        for role in root.roles:
            own = _declared(role, environments, known)
            if own is not None:
                met.add(id(own))
                reached.add(own.environment)
            subjects.append(Subject(_placed(role, own) if own else role, own))
    absent = [(name in reached, each) for name in known for each in known[name].values() if id(each) not in met]
    missing, elsewhere = (tuple(each for here, each in absent if here is wanted) for wanted in (True, False))
    return tuple(subjects), missing, elsewhere


def _declared(role: Role, environments: Sequence[str], known: Mapping[str, Mapping[str, Declared]]) -> Declared | None:
    name = (role.name or "").lower()
    return next((known[each][name] for each in environments if name in known[each]), None)


def _placed(role: Role, item: Declared) -> Role:
    """A role that is yet to be made is made in the account of its environment."""
    environment = item.found.root.environment
    return role if role.has_arn else replace(role, partition=environment.partition, account=environment.account)


def side(documents: Iterable[Document]) -> Side:
    """The cells and documents of policies; those that cannot be read are left out, and are findings of their own."""
    read = [cells.of_text(document.text) for document in documents if document.text is not None and not fault(document)]
    found: Cells = frozenset().union(*(each for _, each in read))
    return Side(found, tuple(value for value, _ in read))


@lru_cache(CACHE)
def _boundary(document: Document) -> Side:
    """Many roles have one boundary."""
    return side((document,))


def fault(document: Document) -> str | None:
    """Why a document is no policy; None where it is one, or is not known."""
    try:
        if document.text is not None:
            cells.of_text(document.text)
    except ValueError as error:
        return str(error)
    return None


def unreadable(subject: Subject, documents: Iterable[Document]) -> list[Finding]:
    """A finding for each document whose content is not known, or is none."""
    found = []
    for document in documents:
        reason = fault(document)
        if document.text is None:
            message = f"{subject.name}: what {document.source} says is {document.why}, so nothing is proved about it"
            found.append(Finding(message, subject.name, path=subject.path, address=subject.role.address, kind="unknown"))
        elif reason:
            message = f"{subject.name}: {document.source} is no policy: {reason}"
            found.append(Finding(message, subject.name, path=subject.path, address=subject.role.address))
    return found


def tried(subject: Subject, findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings about a role; where its policies cannot be evaluated, or not in every case, that is one."""
    try:
        yield from findings
    except InputError as error:
        yield rejected(subject, error)
    except UndecidedError:
        message = f"{subject.name}: its policies have more cases than are tried, so not everything is proved about them"
        yield Finding(message, subject.name, path=subject.path, address=subject.role.address, kind="unknown")


def rejected(subject: Subject, error: InputError) -> Finding:
    """A finding for a policy that AWS would reject."""
    reason = "; ".join(problem.message for problem in error.problems[:3])
    return Finding(
        f"{subject.name}: AWS rejects its policy: {reason}", subject.name, path=subject.path, address=subject.role.address
    )
