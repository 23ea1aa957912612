"""Every key of the schema says what it is for, and nothing is described that is not there."""

from meshrole.inventory.descriptions import DESCRIPTIONS
from meshrole.inventory.schema import schema

MADE = schema()
KEYS = [
    (name, key, value)
    for name, model in [("InventoryFile", MADE), *MADE["$defs"].items()]
    for key, value in model.get("properties", {}).items()
]


def test_every_key_has_a_description():
    assert [(name, key) for name, key, value in KEYS if not value["description"]] == []


def test_every_description_has_a_key():
    used = {f"{name}.{key}" for name, key, _ in KEYS} | {key for _, key, _ in KEYS}
    assert set(DESCRIPTIONS) <= used


def test_a_description_is_of_its_own_model():
    found = {(name, key): value["description"] for name, key, value in KEYS}
    assert found["Person", "session_tags"] != found["Saml", "session_tags"]
    assert found["Environment", "account"] != found["Audit", "account"]
