"""The same policies with policy_sentry as a library: policies only, it writes no roles and no trust.

`python peer_policy_sentry.py INVENTORY OUT`
"""

import json
import sys
from pathlib import Path

import yaml
from policy_sentry.command.write_policy import write_policy_with_template

inventory = yaml.load(Path(sys.argv[1]).read_bytes(), Loader=yaml.CSafeLoader)
out = Path(sys.argv[2])
out.mkdir(parents=True)
for mesh, entry in inventory["meshes"].items():
    environment = inventory["environments"][entry["environments"][0]]
    words = {"partition": "aws", "region": environment["region"], "account": inventory["accounts"][environment["account"]]["id"]}
    for name, service in entry["services"].items():
        arns = [resource.format(**words) for permission in service["permissions"] for resource in permission["resources"]]
        node = "arn:aws:appmesh:{region}:{account}:mesh/".format(**words) + f"{mesh}/virtualNode/{name}"
        template = {"mode": "crud", "read": [*arns, node], "write": arns}
        (out / f"{mesh}-{name}.json").write_text(json.dumps(write_policy_with_template(template), indent=2))
