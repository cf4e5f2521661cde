"""Listings for tests: one from a title, and those of titles.yaml with their answers."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sourcing.matching.decide import match
from sourcing.matching.types import ListingText, Match

TITLES = Path(__file__).parent / "titles.yaml"


def matched(title: str, condition_id: int | None = 3000, item_group_type: str | None = None) -> Match:
    return match(ListingText("ebay", title, condition_id, item_group_type))


@cache
def written_titles() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.load(TITLES.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506


def listing_of(row: dict[str, Any]) -> ListingText:
    group = "SELLER_DEFINED_VARIATIONS" if row.get("variations") else None
    condition = row.get("condition")
    return ListingText("ebay" if condition else "taobao", row["title"], condition, group)


@cache
def corrections() -> tuple[dict[str, Any], ...]:
    """What people corrected by hand, as `manage.py export_corrections` has written it; none as long as nobody has."""
    path = TITLES.with_name("corrections.yaml")
    return tuple(yaml.safe_load(path.read_text(encoding="utf-8"))) if path.exists() else ()
