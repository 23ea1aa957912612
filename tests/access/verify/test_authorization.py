"""What Istio's documentation says of its policies is what the evaluator says: each group of rows with its page."""

import pytest

from meshrole.access.verify.authorization import Call, UnknownError, admits, of_principal, selects, takes_plain_text

SLEEP, CURL = "cluster.local/ns/default/sa/sleep", "cluster.local/ns/test/sa/curl"


def allow(*rules):
    return {"action": "ALLOW", "rules": list(rules)}


def source(**fields):
    return {"from": [{"source": fields}]}


def operation(**fields):
    return {"to": [{"operation": fields}]}


# https://istio.io/latest/docs/reference/config/security/authorization-policy/ (its first example, without the token)
HTTPBIN = allow(
    {
        "from": [{"source": {"principals": [SLEEP]}}, {"source": {"namespaces": ["test"]}}],
        "to": [
            {"operation": {"methods": ["GET"], "paths": ["/info*"]}},
            {"operation": {"methods": ["POST"], "paths": ["/data"]}},
        ],
    }
)
DENY_POST = {"action": "DENY", "rules": [{**source(namespaces=["dev"]), **operation(methods=["POST"])}]}
VERSION = {"when": [{"key": "request.headers[version]", "values": ["v1", "v2"]}]}


@pytest.mark.parametrize(
    ("policies", "call", "wanted"),
    [
        ([HTTPBIN], Call(SLEEP, "GET", "/info"), True),
        ([HTTPBIN], Call(SLEEP, "GET", "/information/1"), True),
        ([HTTPBIN], Call(CURL, "POST", "/data"), True),
        ([HTTPBIN], Call(CURL, "POST", "/data/1"), False),
        ([HTTPBIN], Call(CURL, "POST", "/info"), False),
        ([HTTPBIN], Call("cluster.local/ns/other/sa/sleep", "GET", "/info"), False),
        ([HTTPBIN], Call(None, "GET", "/info"), False),
        # "deny requests from the dev namespace to the POST method": there is no policy that allows, so all others are let through.
        ([DENY_POST], Call("cluster.local/ns/dev/sa/x", "POST", "/"), False),
        ([DENY_POST], Call("cluster.local/ns/dev/sa/x", "GET", "/"), True),
        ([DENY_POST], Call(None, "POST", "/"), True),
        # A denial goes before an allowance.
        ([DENY_POST, allow({})], Call("cluster.local/ns/dev/sa/x", "POST", "/"), False),
        # "allow-nothing" and "allow-all", also without the word: the default is ALLOW.
        ([{}], Call(SLEEP, "GET", "/"), False),
        ([{"rules": [{}]}], Call(None, "GET", "/"), True),
        ([{"action": "DENY"}], Call(SLEEP, "GET", "/"), True),
        ([{"action": "AUDIT", "rules": [{}]}], Call(None, "GET", "/"), True),
        ([{}, HTTPBIN], Call(SLEEP, "GET", "/info"), True),
        ([], Call(None, "GET", "/"), True),
        # Exactly, by the beginning, by the end, or present.
        ([allow(source(principals=["cluster.local/ns/default/*"]))], Call(SLEEP, "GET", "/"), True),
        ([allow(source(principals=["*/sa/sleep"]))], Call(SLEEP, "GET", "/"), True),
        ([allow(source(principals=["*/sa/sleep"]))], Call(CURL, "GET", "/"), False),
        ([allow(source(principals=["*"]))], Call(CURL, "GET", "/"), True),
        ([allow(source(principals=["*"]))], Call(None, "GET", "/"), False),
        # Fields of one source hold together; what is not to match must not, which plain text does not either.
        ([allow(source(principals=["*"], notNamespaces=["test"]))], Call(CURL, "GET", "/"), False),
        ([allow(source(principals=["*"], notNamespaces=["test"]))], Call(SLEEP, "GET", "/"), True),
        ([allow(source(notPrincipals=[SLEEP]))], Call(None, "GET", "/"), True),
        ([allow(operation(notPaths=["/admin*"]))], Call(None, "GET", "/admin/x"), False),
        ([allow(operation(notMethods=["GET"], paths=["/x"]))], Call(None, "PUT", "/x"), True),
        # https://istio.io/latest/docs/reference/config/security/conditions/
        ([allow(VERSION)], Call(None, "GET", "/", {"version": "v2"}), True),
        ([allow(VERSION)], Call(None, "GET", "/", {"version": "v3"}), False),
        ([allow(VERSION)], Call(None, "GET", "/"), False),
        ([allow({"when": [{"key": "request.headers[X-A]", "notValues": ["x"]}]})], Call(None, "GET", "/", {"x-a": "x"}), False),
        ([allow({"when": [{"key": "request.headers[X-A]", "notValues": ["x"]}]})], Call(None, "GET", "/"), True),
    ],
)
def test_a_call_is_decided_as_istio_documents(policies, call, wanted):
    assert admits(policies, call) is wanted
    assert admits([of_principal(spec, call.principal) for spec in policies], call) is wanted


@pytest.mark.parametrize(
    ("policy", "what"),
    [
        ({"action": "CUSTOM"}, "the action CUSTOM"),
        (allow(source(ipBlocks=["10.0.0.0/8"])), "ipBlocks"),
        (allow(source(serviceAccounts=["default/sleep"])), "serviceAccounts"),
        (allow(operation(hosts=["a"])), "hosts"),
        (allow(operation(paths=["/a/{*}"])), "the template /a/{*}"),
        (allow({"when": [{"key": "source.ip", "values": ["10.0.0.1"]}]}), "the condition source.ip"),
        (allow({"unless": []}), "unless"),
    ],
)
def test_what_is_not_worked_out_is_said(policy, what):
    with pytest.raises(UnknownError) as caught:
        admits([policy], Call(SLEEP, "GET", "/"))
    assert str(caught.value) == what


def test_a_policy_is_about_the_pods_that_have_all_of_its_labels():
    spec = {"selector": {"matchLabels": {"app": "httpbin", "version": "v1"}}}
    assert selects(spec, {"app": "httpbin", "version": "v1", "team": "x"})
    assert not selects(spec, {"app": "httpbin"})
    assert selects({}, {})


def of(mode, labels=None, **more):
    return {"mtls": {"mode": mode}, **({"selector": {"matchLabels": labels}} if labels else {}), **more}


@pytest.mark.parametrize(
    ("policies", "wanted"),
    [
        # https://istio.io/latest/docs/reference/config/security/peer_authentication/
        ([], True),
        ([of("STRICT")], False),
        ([of("PERMISSIVE"), of("STRICT", {"app": "finance"})], False),
        ([of("STRICT"), of("PERMISSIVE", {"app": "finance"})], True),
        ([of("STRICT", {"app": "other"})], True),
        ([of("STRICT", {"app": "finance"}, portLevelMtls={"8080": {"mode": "DISABLE"}})], True),
        # What is inherited is not known here, nor which of two is the older.
        ([of("UNSET", {"app": "finance"})], True),
        ([of("STRICT", {"app": "finance"}), of("PERMISSIVE", {"app": "finance"})], True),
    ],
)
def test_plain_text_is_taken_unless_all_that_is_said_of_a_pod_forbids_it(policies, wanted):
    assert takes_plain_text(policies, {"app": "finance"}) is wanted
