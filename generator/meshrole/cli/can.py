"""`meshrole can`."""

from typing import Annotated

import typer

from meshrole.cli.shared import Format
from meshrole.errors import FINDINGS

IDENTITY = "A name of the inventory (checkout, checkout/blue, shop/checkout), a role or its ARN."
RESOURCE = "An ARN, a name such as orders or checkout-blue, or * where AWS takes no resource."
CONTEXT = "A condition key that the request has; again for a further key, or a further value of one."
COMPLETE = "The request has no other condition keys than those that are given or follow from the rest."


def can(
    inventory: Annotated[str, typer.Argument(metavar="INVENTORY", help="An inventory file or folder, or - for standard input.")],
    identity: Annotated[str, typer.Argument(metavar="IDENTITY", help=IDENTITY)],
    action: Annotated[str, typer.Argument(metavar="ACTION", help="An action of AWS, such as dynamodb:GetItem.")],
    resource: Annotated[str, typer.Argument(metavar="RESOURCE", help=RESOURCE)],
    context: Annotated[list[str] | None, typer.Option("--context", metavar="KEY=VALUE", help=CONTEXT)] = None,
    complete: Annotated[bool, typer.Option("--complete", help=COMPLETE)] = False,
    environment: Annotated[
        str | None, typer.Option("--environment", "-e", metavar="NAME", help="Only there; without it, wherever the identity is.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="json prints every layer of the decision.")] = Format.text,
) -> None:
    """May an identity do something? Yes or no, which statement decides, and which line of the inventory to change.

    Decides as AWS documents it, with everything that the inventory makes: the role's policies, its boundary, the
    organization's policies, and the trust policy of a role to assume. ARNs may have {partition}, {region}, {account}.
    Exit 0: yes, in each environment and version; 10: no, or it depends on a condition key, which is then named; 3: a name
    that nothing has.
    """
    from meshrole import pipeline

    answered = pipeline.can([inventory], identity, action, resource, _keys(context or []), environment, complete=complete)
    print(answered.json() if output is Format.json else answered.text())
    if answered.answer != "yes":
        raise typer.Exit(FINDINGS)


def _keys(given: list[str]) -> dict[str, list[str]]:
    """KEY=VALUE as a mapping; a key that comes again has several values."""
    found: dict[str, list[str]] = {}
    for item in given:
        key, mark, value = item.partition("=")
        if not key or not mark:
            raise typer.BadParameter(f"{item!r} is not KEY=VALUE", param_hint="--context")
        found.setdefault(key, []).append(value)
    return found
