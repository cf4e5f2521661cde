from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import CatalogRevision, Part
from sourcing.models import PriceBand

GUIDE = {"title": "A guide", "href": "", "checked_on": "2026-11-23", "confidence": "guide"}
MakePart = Callable[..., Part]
MakeBand = Callable[..., PriceBand]


@pytest.fixture
def make_part(db: None) -> MakePart:
    """A cooler of the given slug and figures."""

    def make(slug: str, **figures: Any) -> Part:
        units = {"weight_kg": "kg", "hts_code": "code", "origin_country": "code", "imported": "flag"}
        part = Part.objects.create(
            slug=slug,
            name=slug.capitalize(),
            summary="A part for a test.",
            kind="cooler",
            sources={"guide": GUIDE},
            figures={name: {"value": value, "unit": units[name], "source": "guide"} for name, value in figures.items()},
        )
        CatalogRevision.objects.bump()
        return part

    return make


@pytest.fixture
def make_band(db: None) -> MakeBand:
    def make(part: Part, low: str, high: str, **values: Any) -> PriceBand:
        band = PriceBand.objects.create(
            **{
                "part": part,
                "position": 0,
                "low": Decimal(low),
                "high": Decimal(high),
                "currency": "USD",
                "market": "ebay",
                "as_of": date(2026, 3, 1),
                "verdict": "misleading",
                "source_title": "A guide",
                "source_checked_on": date(2026, 11, 23),
                "confidence": "guide",
            }
            | values
        )
        CatalogRevision.objects.bump()
        return band

    return make
