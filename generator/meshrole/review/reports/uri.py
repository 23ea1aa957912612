"""Files as other programs name them."""

from urllib.parse import quote

from meshrole.review.reports.words import plain


def relative(file: str) -> str:
    """A file of the repository without `./` before it; never empty, and never the root."""
    shown = plain(file)
    while shown.startswith("./"):
        shown = shown[2:].lstrip("/")
    return shown if shown.strip("/") else "plan.json"


def uri(file: str) -> str:
    """A file as a URI reference (RFC 3986): relative as it was given, or absolute."""
    path = relative(file)
    return "file:///" + quote(path.lstrip("/")) if path.startswith("/") else quote(path)
