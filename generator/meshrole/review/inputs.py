"""What a review reads beside the plans."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

Named = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Waivers and a baseline by name and content, a folder of Terraform code, and the day of the review: waivers expire."""

    today: date
    waivers: Named | None = None
    baseline: Named | None = None
    code: Path | None = None
