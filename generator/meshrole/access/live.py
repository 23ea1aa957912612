"""The same questions to AWS itself: what its policy simulator says of each role, and the trust policy that the role has.

It reads and changes nothing; whoever runs it needs iam:GetRole and iam:SimulatePrincipalPolicy. The only file that talks to AWS.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from meshrole.access.verify import trust
from meshrole.access.verify.estate import Estate, Subject, side
from meshrole.access.verify.finding import CounterExample, Finding, Proof, counted
from meshrole.access.verify.questions import Question, questions
from meshrole.errors import InputError, Problem
from meshrole.plans.facts import Document

NAME = "live"
CLAIM = "AWS decides as was proved, and has the trust policies and boundaries that were"
# Actions in one call; the simulator is throttled by the call.
BATCH = 50
RETRIES = Config(retries={"mode": "adaptive", "max_attempts": 10})
MISSING = "NoSuchEntity"
REFUSED = ("AccessDenied", "AccessDeniedException")
# (action in lower case, resource): whether it is allowed
Answers = dict[tuple[str, str], bool]
Key = tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]


def prove(estate: Estate) -> tuple[Proof, ...]:
    """Every identity, asked. Raises InputError when AWS cannot be asked, or refuses to answer."""
    try:
        iam = boto3.session.Session().client("iam", config=RETRIES)
        found = [each for subject in estate.ours for each in _of(iam, subject)]
    except ClientError as error:
        raise InputError(_refusal(error)) from None
    except BotoCoreError as error:
        hint = "give credentials and a region, as for the AWS CLI"
        raise InputError(Problem(f"AWS cannot be asked: {error}", help=hint)) from None
    over = f"{counted(len(estate.ours), 'role')} and {counted(sum(number for number, _ in found), 'question')}"
    return (Proof(NAME, CLAIM, over, tuple(each for _, findings in found for each in findings)),)


def _refusal(error: ClientError) -> Problem:
    code, said = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    hint = "it needs iam:GetRole and iam:SimulatePrincipalPolicy on the roles" if code in REFUSED else None
    return Problem(f"AWS refused {error.operation_name}: {code}: {said}", help=hint)


def _of(iam: Any, subject: Subject) -> Iterator[tuple[int, list[Finding]]]:
    """How many questions were asked, and what is different."""
    try:
        role = iam.get_role(RoleName=subject.name)["Role"]
    except iam.exceptions.NoSuchEntityException:
        yield 1, [_finding(subject, f"{subject.name} is not in AWS")]
        return
    yield 2, [*_trust(subject, role), *_boundary(subject, role)]
    if role["Arn"] != subject.role.arn:
        yield 0, [_finding(subject, f"{subject.name} is {role['Arn']} in AWS, and not {subject.role.arn}")]
    asked: dict[Key, list[Question]] = defaultdict(list)
    for question in questions(subject):
        asked[question.resource, question.context].append(question)
    for (resource, context), group in asked.items():
        answers = _simulated(iam, role["Arn"], [question.action for question in group], resource, context)
        yield len(group), list(_differences(subject, group, answers))


def _trust(subject: Subject, role: Mapping[str, Any]) -> Iterator[Finding]:
    """The trust policy that AWS has; boto3 has taken its URL encoding off."""
    text = json.dumps(role["AssumeRolePolicyDocument"])
    deployed = side((Document("AWS", text),))
    planned = side((subject.role.trust,))
    try:
        for example in trust.differences(deployed, planned, subject.role.arn) if planned.documents else ():
            does = "lets in" if example.is_allowed else "keeps out"
            yield _finding(subject, f"the trust policy of {subject.name} in AWS {does} {example.principal}", example)
    except ValueError as error:
        yield Finding(f"{subject.name}: {error}", subject.name, path=subject.path, kind="unknown")


def _boundary(subject: Subject, role: Mapping[str, Any]) -> Iterator[Finding]:
    deployed = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    wanted = subject.role.boundary.arn if subject.role.boundary else None
    if deployed != wanted:
        yield _finding(subject, f"{subject.name} has the boundary {deployed or 'none'} in AWS, and not {wanted or 'none'}")


def _simulated(
    iam: Any, arn: str, actions: Sequence[str], resource: str, context: Sequence[tuple[str, tuple[str, ...]]]
) -> Answers:
    entries = [
        {"ContextKeyName": key, "ContextKeyValues": list(values), "ContextKeyType": "stringList" if len(values) > 1 else "string"}
        for key, values in context
    ]
    answers: Answers = {}
    for start in range(0, len(actions), BATCH):
        pages = iam.get_paginator("simulate_principal_policy").paginate(
            PolicySourceArn=arn,
            ActionNames=list(actions[start : start + BATCH]),
            ResourceArns=[resource],
            ContextEntries=entries,
        )
        for page in pages:
            for result in page["EvaluationResults"]:
                answers |= _answers(result, resource)
    return answers


def _answers(result: Mapping[str, Any], resource: str) -> Answers:
    """AWS answers once for an action and lists the resources below it; it used to answer once for each resource.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
    """
    action = result["EvalActionName"].lower()
    each = result.get("ResourceSpecificResults") or ()
    specific = {(action, item["EvalResourceName"]): item["EvalResourceDecision"] == "allowed" for item in each}
    return specific or {(action, result.get("EvalResourceName") or resource): result["EvalDecision"] == "allowed"}


def _differences(subject: Subject, asked: Sequence[Question], answers: Answers) -> Iterator[Finding]:
    for question in asked:
        answer = answers.get((question.action.lower(), question.resource))
        if answer is None:
            message = f"AWS did not answer whether {subject.name} may do {question.action} on {question.resource}"
            yield Finding(message, subject.name, path=subject.path, kind="unknown")
        elif answer != question.is_allowed:
            says = "allows" if answer else "refuses"
            context = {key: values[0] if len(values) == 1 else values for key, values in question.context}
            example = CounterExample(subject.role.arn, question.action, question.resource, context, answer)
            yield _finding(subject, f"AWS {says} {subject.name} {question.action} on {question.resource}", example)


def _finding(subject: Subject, message: str, example: CounterExample | None = None) -> Finding:
    return Finding(message, subject.name, example, subject.path, help="apply the plan, or find who changed it")
