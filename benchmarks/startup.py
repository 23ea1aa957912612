"""`meshrole --help` against the smallest Typer program."""

import sys
import tempfile
from pathlib import Path

from measure import MESHROLE, cost, interleaved, table

HELLO = '''import typer
app = typer.Typer()
@app.command()
def hello() -> None:
    """Say hello."""
app()
'''


def main() -> None:
    """Print CPU seconds of both."""
    with tempfile.TemporaryDirectory(prefix="meshrole-bench-") as name:
        path = Path(name) / "hello.py"
        path.write_text(HELLO)
        costs = interleaved(
            9,
            **{
                "a bare Typer hello --help": lambda: cost([sys.executable, path, "--help"]),
                "meshrole --help": lambda: cost([*MESHROLE, "--help"]),
            },
        )
    table("start-up", list(costs.items()), "a bare Typer hello --help")


if __name__ == "__main__":
    main()
