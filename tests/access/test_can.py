"""`meshrole can`: questions with answers that were worked out by hand, the exact words of mistakes, and what programs read."""

import json
import re
from pathlib import Path

import pytest

from meshrole import pipeline
from meshrole.access import can, roles
from meshrole.errors import InputError

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TABLE = Path(__file__).with_name("questions.txt").read_text(encoding="utf-8")


def questions():
    for example, block in re.findall(r"^== (\S+)\n((?:(?!== ).*\n)*)", TABLE, re.MULTILINE):
        for line in block.splitlines():
            if line.strip() and not line.startswith("#"):
                yield (example, *(cell.strip() for cell in line.split("|")))


QUESTIONS = list(questions())


@pytest.fixture(scope="module")
def estate():
    """The examples, each checked once."""
    made = {}

    def of(example):
        if example not in made:
            checked = pipeline.check([str(EXAMPLES / example)])
            assert checked.error is None
            made[example] = can.Estate(checked.blueprint, checked.inventory, checked.loaded)
        return made[example]

    return of


def answered(estate, identity, action, resource, context="", **more):
    keys = dict(item.split("=", 1) for item in context.split())
    return can.answers(can.Question(identity, action, resource, keys, **more), estate)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: " ".join(question[:4]))
def test_a_question_has_its_answer(question, estate):
    example, identity, action, resource, context, answer, decides, where = question
    found = answered(estate(example), identity, action, resource, context)
    worst = next(item for word in ("no", "depends", "yes") for item in found if item.word == word)
    assert worst.word == answer
    cited = worst.cited and f"{worst.cited.statement.sid} {worst.cited.policy.file}"
    assert (cited or worst.decision.layer or " ".join(worst.decision.needs)) == decides
    assert " ".join(map(str, worst.change.path)) == where
    assert worst.place.line == line_of(EXAMPLES / example / "inventory.yaml", worst.change.path)


def line_of(path, steps):
    """The line of a path in a YAML file, by PyYAML's own marks: a mapping's is its key's."""
    import yaml

    node = yaml.compose(path.read_text(encoding="utf-8"))
    line = node.start_mark.line
    for step in steps:
        if isinstance(node, yaml.MappingNode):
            key, node = next((key, value) for key, value in node.value if key.value == step)
            line = key.start_mark.line if isinstance(node, yaml.MappingNode) else node.start_mark.line
        else:
            node = node.value[step]
            line = node.start_mark.line
    return line + 1


def test_the_table_is_read_whole():
    lines = [line for line in TABLE.splitlines() if line.count("|") == 6 and not line.startswith("#")]
    assert len(QUESTIONS) == len(lines) >= 60
    assert {question[5] for question in QUESTIONS} == {"yes", "no", "depends"}


@pytest.mark.parametrize("example", sorted({question[0] for question in QUESTIONS}))
def test_every_file_that_an_answer_names_is_generated(example):
    named = {item for question in QUESTIONS if question[0] == example for item in question[6].split() if item.endswith(".json")}
    assert named
    for name in named:
        assert (EXAMPLES / example / "terraform" / name).is_file(), name


def test_every_statement_that_an_answer_names_is_in_its_file():
    for example, *_, decides, _ in QUESTIONS:
        sid, _, name = decides.partition(" ")
        if name.endswith(".json"):
            statements = json.loads((EXAMPLES / example / "terraform" / name).read_text())["Statement"]
            assert sid in {statement["Sid"] for statement in statements}, decides


NAMES = (
    "checkout-blue checkout/blue shop/checkout-blue shop/checkout/blue CHECKOUT-BLUE acme-shop-checkout-blue-prod "
    "arn:aws:iam::111122223333:role/mesh/acme-shop-checkout-blue-prod "
    "arn:aws:sts::111122223333:assumed-role/acme-shop-checkout-blue-prod/i-0abc"
)


@pytest.mark.parametrize("name", NAMES.split())
def test_an_identity_has_many_names(name, estate):
    (found,) = answered(estate("ecs-shop"), name, "dynamodb:GetItem", "orders")
    assert (found.found.role.name, found.word) == ("acme-shop-checkout-blue-prod", "yes")


def test_every_role_of_every_example_is_found_by_its_arn_and_its_place(estate):
    for path in sorted(EXAMPLES.iterdir()):
        here = estate(path.name)
        for item in roles.every(here.blueprint, here.inventory):
            for name in (item.role.arn, item.role.name):
                assert [one.found.role.arn for one in answered(here, name, "sts:GetCallerIdentity", "*")] == [item.role.arn]
            place = f"{item.module.name}/{item.role.label}"
            environment = item.root.environment.name
            (found,) = answered(here, place, "sts:GetCallerIdentity", "*", environment=environment)
            assert found.found.role.arn == item.role.arn


def test_every_environment_answers_or_the_one_that_is_named(meshrole):
    question = (
        "can",
        EXAMPLES / "eks-github-okta",
        "ratings",
        "s3:ListBucket",
        "arn:aws:s3:::acme-prod-ratings",
        "--format",
        "json",
    )
    outcome = meshrole(*question)
    value = json.loads(outcome.output)
    assert (outcome.code, value["answer"]) == (10, "no")
    assert [(item["environment"], item["answer"]) for item in value["answers"]] == [("staging", "no"), ("prod", "yes")]
    outcome = meshrole(*question, "--environment", "prod")
    assert (outcome.code, json.loads(outcome.output)["answer"]) == (0, "yes")


def test_what_the_answer_takes_for_granted_is_said(estate):
    (found,) = answered(
        estate("shared-mesh"),
        "ledger",
        "kms:Decrypt",
        "arn:aws:kms:us-east-2:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    )
    assert found.notes == (
        (
            "the boundary arn:aws:iam::666677778888:policy/limits/workload is not known here and may take this away: "
            "write its statements beside its arn in the inventory"
        ),
        "the resource's own policy, which is not in the inventory, has to leave this to account 666677778888",
    )


def test_a_layer_that_does_not_allow_it_either_is_said(estate):
    (found,) = answered(estate("ecs-shop"), "payments", "s3:GetObject", "bucket/key")
    assert found.notes[0] == "the permissions boundary does not allow it either"
    # The guardrails' boundary lets through what the policies ask for.
    (found,) = answered(estate("organization-audit"), "checkout", "sqs:SendMessage", "queue")
    assert (found.word, found.notes) == ("no", ())


def test_a_bucket_may_be_another_accounts(estate):
    for more, notes in (("", 1), ("aws:ResourceAccount=999988887777", 1)):
        found = answered(estate("eks-github-okta"), "ratings", "s3:ListBucket", "acme-prod-ratings", more, environment="prod")
        assert (found[0].word, len(found[0].notes)) == ("yes", notes)
    assert found[0].notes[0].startswith("the resource's own policy")


def test_keys_that_are_not_given_may_be_absent(estate):
    question = (estate("eks-github-okta"), "ratings", "s3:GetObject", "acme-prod-ratings/x", "")
    assert answered(*question, environment="prod")[0].word == "depends"
    assert answered(*question, environment="prod", complete=True)[0].word == "no"


def test_the_text_says_why_and_where(meshrole, monkeypatch):
    monkeypatch.chdir(EXAMPLES / "ecs-shop")
    outcome = meshrole("can", "inventory.yaml", "payments", "sqs:SendMessage", "payments")
    assert outcome.code == 10
    assert outcome.output == (
        "no       prod/shop/payments: sqs:SendMessage on arn:aws:sqs:us-east-1:111122223333:payments\n"
        "role     arn:aws:iam::111122223333:role/mesh/acme-shop-payments-prod\n"
        "because  no identity-based policy allows it (prod/shop/policies/payments.json)\n"
        "where    inventory.yaml:57:11, at meshes > shop > services > payments > permissions\n"
        "write    no permission of this identity has the action\n"
        "         - actions: [sqs:SendMessage]\n"
        '           resources: ["arn:{partition}:sqs:{region}:{account}:payments"]\n'
    )


def test_what_it_says_to_write_makes_the_answer_yes(meshrole, tmp_path):
    """The boundary of the example lets sqs through, so a permission is all that is missing."""
    text = (EXAMPLES / "ecs-shop" / "inventory.yaml").read_text(encoding="utf-8")
    outcome = meshrole("can", EXAMPLES / "ecs-shop", "payments", "sqs:SendMessage", "payments", "--format", "json")
    add = json.loads(outcome.output)["answers"][0]["inventory"]["add"]
    path = tmp_path / "inventory.yaml"
    path.write_text(text + "".join(f"          {line}\n" for line in add.split("\n")), encoding="utf-8")
    assert meshrole("can", path, "payments", "sqs:SendMessage", "payments").code == 0


def test_json_has_one_shape_for_every_answer(meshrole):
    shape = {
        "answer": str, "identity": str, "kind": str, "module": str, "environment": str, "role": str, "role_arn": str, "action": str,
        "resource": str, "reason": str, "files": list, "needs": list, "statement": (dict, type(None)), "decision": dict,
        "inventory": dict, "notes": list,
    }  # fmt: skip
    for example, identity, action, resource, context, answer, *_ in QUESTIONS[::4]:
        given = [part for item in context.split() for part in ("--context", item)]
        outcome = meshrole("can", EXAMPLES / example, identity, action, resource, *given, "--format", "json")
        value = json.loads(outcome.output)
        assert (value["version"], value["answer"], outcome.code) == (1, answer, 0 if answer == "yes" else 10)
        for item in value["answers"]:
            assert set(item) == set(shape)
            assert all(isinstance(item[key], kind) for key, kind in shape.items())
            assert set(item["inventory"]) == {"file", "line", "column", "path", "add"}
            assert set(item["decision"]) == {"decision", "kind", "layer", "layers", "statement", "needs"}


MISTAKES = {
    ("chekout", "dynamodb:GetItem", "orders"): (
        'no identity is called "chekout"\n'
        "  found: chekout\n"
        "  allowed: ingress, ingress-execution, storefront, storefront-execution, checkout-blue, checkout-blue-execution, "
        "checkout-green, checkout-green-execution, payments\n"
        '  help: did you mean "checkout"?\n'
    ),
    ("checkout", "dynamodb:GetItme", "orders"): (
        "AWS has no such action\n  found: dynamodb:GetItme\n  help: did you mean dynamodb:GetItem or dynamodb:BatchGetItem?\n"
    ),
    ("checkout", "dynamodb:Get*", "orders"): (
        "the question is about one action, not a wildcard\n"
        "  found: dynamodb:Get*\n"
        "  help: it means dynamodb:GetAbacStatus, dynamodb:GetItem, dynamodb:GetRecords and 2 more\n"
    ),
    ("checkout", "dynamodb:GetItem", "arn:aws:sqs:us-east-1:111122223333:payments"): (
        "dynamodb:GetItem does not act on this resource\n"
        "  found: arn:aws:sqs:us-east-1:111122223333:payments\n"
        "  allowed: arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}\n"
    ),
    ("checkout", "dynamodb:GetItem", "*"): (
        "dynamodb:GetItem acts on one resource at a time\n"
        "  found: *\n"
        "  allowed: arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}\n"
    ),
    ("checkout", "dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:111122223333:table/*"): (
        "the question is about one resource, not a pattern\n"
        "  found: arn:aws:dynamodb:us-east-1:111122223333:table/*\n"
        "  help: give the ARN of one\n"
    ),
    ("checkout", "dynamodb:GetItem", "arn:aws:dynamodb:table/orders"): (
        "not an ARN: it has 4 parts of 6: arn:partition:service:region:account:resource\n  found: arn:aws:dynamodb:table/orders\n"
    ),
    ("checkout", "xray:PutTraceSegments", "orders"): (
        "xray:PutTraceSegments acts on no resource\n  found: orders\n  help: AWS grants it on * only: give *\n"
    ),
    ("checkout-blue", "appmesh:DescribeVirtualService", "paymnets"): (
        'appmesh:DescribeVirtualService acts on nothing that is called "paymnets"\n'
        "  found: paymnets\n"
        "  allowed: storefront.shop.local, storefront, checkout.shop.local, checkout, payments.shop.local, payments\n"
        '  help: did you mean "payments"?\n'
    ),
    ("checkout-blue", "appmesh:StreamAggregatedResources", "checkout"): (
        '"checkout" means more than one resource\n'
        "  found: checkout\n"
        "  allowed: arn:aws:appmesh:us-east-1:111122223333:mesh/shop/virtualNode/checkout-blue, "
        "arn:aws:appmesh:us-east-1:111122223333:mesh/shop/virtualNode/checkout-green\n"
    ),
    ("checkout", "dynamodb:GetItem", "orders", "--environment", "prd"): (
        'no environment is called "prd"\n  found: prd\n  allowed: prod\n  help: did you mean "prod"?\n'
    ),
    ("checkout", "dynamodb:Query", "orders", "--context", "dynamodb:Selct=x"): (
        'no condition key of AWS for dynamodb:Query\n  found: dynamodb:Selct\n  help: did you mean "dynamodb:Select"?\n'
    ),
}


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_a_mistake_is_said_in_these_words(arguments, meshrole):
    outcome = meshrole("can", EXAMPLES / "ecs-shop", *arguments)
    assert (outcome.code, outcome.output, outcome.errors) == (3, "", MISTAKES[arguments])


def test_a_name_of_two_meshes_asks_for_one(estate):
    with pytest.raises(InputError) as raised:
        answered(estate("app-mesh-ipv6"), "red", "appmesh:DescribeMesh", "dns")
    assert str(raised.value) == '"red" is in more than one place\n  found: red\n  allowed: dns/red, cloud/red'
    assert answered(estate("app-mesh-ipv6"), "dns/red", "appmesh:DescribeVirtualNode", "red")[0].resource == (
        "arn:aws:appmesh:us-west-2:123456789012:mesh/app-mesh-ipv6-dns/virtualNode/colorteller-red-vn"
    )


def test_an_identity_that_is_elsewhere(meshrole):
    outcome = meshrole("can", EXAMPLES / "eks-github-okta", "mesh-owners", "appmesh:DeleteMesh", "books", "-e", "prod")
    assert (outcome.code, outcome.errors) == (
        3,
        '"mesh-owners" is not in environment "prod"\n  found: prod\n  allowed: staging\n',
    )


def test_wrong_usage_and_a_wrong_inventory(meshrole):
    question = (EXAMPLES / "ecs-shop", "checkout", "dynamodb:GetItem", "orders")
    assert meshrole("can", *question, "--context", "dynamodb:Select").code == 2
    outcome = meshrole("can", ROOT / "tests" / "rejected" / "action-unknown.yaml", *question[1:])
    assert (outcome.code, "AWS has no such action" in outcome.errors) == (3, True)
