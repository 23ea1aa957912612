"""A stand-in for IAM's endpoint, in AWS's query protocol: GetRole and SimulatePrincipalPolicy, with pages, throttling, refusals.

The shapes are those of https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html,
API_EvaluationResult.html and API_GetRole.html; what it answers is decided by the evaluator, from the policies that a test gives.
"""

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote
from xml.sax.saxutils import escape

from meshrole.iam.evaluation import PolicySet, Request

NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
PAGE = 3


class Account:
    """What the stand-in knows: roles by name, each {"arn", "trust", "policies", "boundary", "boundary_arn"}."""

    def __init__(self, roles: dict[str, dict[str, Any]]) -> None:
        self.roles = roles
        self.calls: Counter[str] = Counter()
        self.pages = 0
        self.throttled = 0
        self.refused: set[str] = set()
        self.lists_resources = True

    def answer(self, form: dict[str, str]) -> tuple[int, str]:
        """The status and the body for a call."""
        action = form["Action"]
        self.calls[action] += 1
        if self.throttled:
            self.throttled -= 1
            return 400, error("Throttling", "Rate exceeded")
        if action in self.refused:
            message = f"User: arn:aws:iam::111122223333:user/jo is not authorized to perform: iam:{action}"
            return 403, error("AccessDenied", message)
        name = form["RoleName"] if action == "GetRole" else form["PolicySourceArn"].rpartition("/")[2]
        if name not in self.roles:
            return 404, error("NoSuchEntity", f"The role with name {name} cannot be found.")
        return 200, get_role(name, self.roles[name]) if action == "GetRole" else self.simulate(self.roles[name], form)

    def simulate(self, role: dict[str, Any], form: dict[str, str]) -> str:
        actions = members(form, "ActionNames")
        (resource,) = members(form, "ResourceArns")
        context = {
            form[f"ContextEntries.member.{number}.ContextKeyName"]: members(
                form, f"ContextEntries.member.{number}.ContextKeyValues"
            )
            for number in range(1, 1 + sum(key.endswith(".ContextKeyName") for key in form))
        }
        start = int(form.get("Marker", "0"))
        shown = actions[start : start + PAGE]
        self.pages += 1
        results = "".join(self.result(role, action, resource, context) for action in shown)
        more = start + PAGE < len(actions)
        marker = f"<Marker>{start + PAGE}</Marker>" if more else ""
        body = f"<EvaluationResults>{results}</EvaluationResults><IsTruncated>{str(more).lower()}</IsTruncated>{marker}"
        return response("SimulatePrincipalPolicy", body)

    def result(self, role: dict[str, Any], action: str, resource: str, context: dict[str, list[str]]) -> str:
        decision = "allowed" if decides(role, action, resource, context) else "implicitDeny"
        each = (
            f"<member><EvalResourceName>{escape(resource)}</EvalResourceName>"
            f"<EvalResourceDecision>{decision}</EvalResourceDecision></member>"
        )
        specific = f"<ResourceSpecificResults>{each}</ResourceSpecificResults>" if self.lists_resources else ""
        return (
            f"<member><EvalActionName>{action}</EvalActionName><EvalResourceName>{escape(resource)}</EvalResourceName>"
            f"<EvalDecision>{decision}</EvalDecision><MatchedStatements/><MissingContextValues/>{specific}</member>"
        )


def decides(role: dict[str, Any], action: str, resource: str, context: dict[str, list[str]]) -> bool:
    """As AWS does: the role's policies and its boundary."""
    request = Request(role["arn"], action, resource, context=context)
    layers = [PolicySet(identity=role["policies"]).layers.identity]
    if role.get("boundary"):
        layers.append(PolicySet(identity=[role["boundary"]]).layers.identity)
    return all(layer.says(request.facts, False)[1] > 0 for layer in layers)


def get_role(name: str, role: dict[str, Any]) -> str:
    trust = quote(json.dumps(role["trust"]))
    arn = role.get("boundary_arn")
    boundary = (
        "<PermissionsBoundary><PermissionsBoundaryType>PermissionsBoundaryPolicy</PermissionsBoundaryType>"
        f"<PermissionsBoundaryArn>{arn}</PermissionsBoundaryArn></PermissionsBoundary>"
        if arn
        else ""
    )
    body = (
        f"<Role><Path>/mesh/</Path><RoleName>{name}</RoleName><RoleId>AROA1234567890EXAMPLE</RoleId><Arn>{role['arn']}</Arn>"
        f"<CreateDate>2026-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>{trust}</AssumeRolePolicyDocument>{boundary}</Role>"
    )
    return response("GetRole", body)


def members(form: dict[str, str], name: str) -> list[str]:
    found = []
    while (key := f"{name}.member.{len(found) + 1}") in form:
        found.append(form[key])
    return found


def response(action: str, body: str) -> str:
    return (
        f'<{action}Response xmlns="{NAMESPACE}"><{action}Result>{body}</{action}Result>'
        f"<ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata></{action}Response>"
    )


def error(code: str, message: str) -> str:
    return (
        f'<ErrorResponse xmlns="{NAMESPACE}"><Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message>'
        "</Error><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ErrorResponse>"
    )


class Server(ThreadingHTTPServer):
    """The stand-in on a port of its own."""

    daemon_threads = True

    def __init__(self, account: Account) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.account = account
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def stop(self) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {key: values[0] for key, values in parse_qs(text, keep_blank_values=True).items()}
        status, body = self.server.account.answer(form)
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""
