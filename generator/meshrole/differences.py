"""How a file differs from another, as people read it."""

import difflib
import io


def unified(path: str, old: bytes | None, new: bytes | None) -> str:
    """A unified diff of two contents of `path`; None is a file that is not there."""
    names = (f"a/{path}" if old is not None else "/dev/null", f"b/{path}" if new is not None else "/dev/null")
    before, after = (io.StringIO((content or b"").decode("utf-8", "replace")).readlines() for content in (old, new))
    lines = difflib.unified_diff(before, after, *names)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
