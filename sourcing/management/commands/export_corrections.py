"""Corrections by hand as test cases of the matcher."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand

from sourcing.models import Listing

DEFAULT = Path("tests/sourcing/matching/corrections.yaml")


class Command(BaseCommand):
    help = (
        "Adds every listing corrected by hand to a YAML file of titles with their answers, which the matcher's tests "
        "read. Only the title and the answer are written. Titles that stand there already are left as they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=DEFAULT, help=f"the file to add to (default: {DEFAULT})")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["to"]
        rows = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
        rows = rows or []
        have = {row["title"] for row in rows}
        new = [
            _case(listing)
            for listing in Listing.objects.corrected().select_related("part").order_by("corrected_at")
            if listing.title not in have
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump([*rows, *new], allow_unicode=True, sort_keys=False, width=120)
        path.write_text(text, encoding="utf-8")
        self.stdout.write(f"{len(new)} corrections added to {path}, {len(rows)} were there.")


def _case(listing: Listing) -> dict[str, Any]:
    case: dict[str, Any] = {"title": listing.title, "condition": listing.condition_id}
    if listing.item_group_type:
        case["variations"] = True
    case["reason"] = listing.reason
    if listing.part is not None:
        case |= {"part": listing.part.slug, "quantity": listing.quantity}
    return case
