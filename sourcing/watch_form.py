"""The forms of watches: what to be told of, and when the daily mail comes."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.forms.boundfield import BoundField
from django.utils.choices import CallableChoiceIterator
from django.utils.functional import cached_property

from catalog.field_errors import InvalidFields
from catalog.models import Part
from sourcing import prices
from sourcing.alerting import Condition, PriceKind
from sourcing.forms import MADE_IN
from sourcing.landed.types import Destination
from sourcing.marketplaces import MARKETPLACES, searchable
from sourcing.models import CURRENCIES
from sourcing.watch_models import AT_ONCE, DAILY, LONGEST_ADDRESS, Subscriber, Watch
from sourcing.watch_wishes import MOST_LINES, Wish, time_zones

LONGEST_LINES = 4_000
CONDITIONS = [
    (Condition.TARGET, "It costs less than my target"),
    (Condition.FLOOR, "It costs less than the published band"),
    (Condition.LEVEL, "It falls below its own level of the last 30 days"),
    (Condition.STOCK, "It is on offer again"),
]
PRICES = [
    (PriceKind.LANDED, "at my door: shipping, duty and tax included"),
    (PriceKind.ITEM, "as listed, without shipping"),
]
MAIN = ("condition", "target", "currency", "percent", "price", "country", "region", "delivery")
# Fields that the form hides until they are asked for.
DETAILS = ("marketplace", "offer_condition", "offer_country", "clearance_usd", "refire_percent", "name", "time_zone")
_LINE = re.compile(r"([a-z0-9-]{1,80})(?::([0-9]{1,4}))?")


def _lines_in(written: Iterable[str]) -> list[tuple[str, int]]:
    """Slug and pieces of every entry that is a line."""
    found = (_LINE.fullmatch(one.strip()) for one in written)
    return [(match[1], int(match[2] or 1)) for match in found if match]


def _at_the_door(cleaned: Mapping[str, Any]) -> bool:
    """Whether a price at the door is compared with a target."""
    return cleaned.get("condition") == Condition.TARGET and cleaned.get("price") == PriceKind.LANDED


def _zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(time_zones())]


def _marketplaces() -> list[tuple[str, str]]:
    return [("", "any"), *((slug, MARKETPLACES[slug].name) for slug in searchable())]


def _from_countries() -> list[tuple[str, str]]:
    return [("", "anywhere"), *((code, name) for code, name in {**MADE_IN, **prices.country_names()}.items() if code)]


class WishForm(forms.Form):
    """What somebody wants to be told of. ``wish`` is its cleaned result; ``refuse`` puts errors beside their fields."""

    lines = forms.CharField(max_length=LONGEST_LINES, widget=forms.HiddenInput)
    whole = forms.BooleanField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(max_length=120, required=False, label="Name", help_text="For your mails. Empty: the part's.")
    condition = forms.ChoiceField(label="Tell me when", choices=CONDITIONS, initial=Condition.TARGET)
    target = forms.DecimalField(
        label="Target",
        required=False,
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        error_messages={"min_value": "Give a price above zero, such as 80."},
    )
    currency = forms.ChoiceField(label="Currency", choices=[(code, code) for code in CURRENCIES], initial="USD")
    percent = forms.DecimalField(
        label="Percent below", required=False, min_value=1, max_value=90, max_digits=4, decimal_places=1, initial=15
    )
    price = forms.ChoiceField(label="Which price", choices=PRICES, initial=PriceKind.LANDED)
    country = forms.ChoiceField(
        label="Delivered to", choices=lambda: list(prices.country_names().items()), initial="US"
    )
    region = forms.ChoiceField(
        label="State or province",
        required=False,
        choices=lambda: [("", "not told"), *prices.region_choices()],
        help_text="Decides tax in the United States and Canada.",
    )
    clearance_usd = forms.DecimalField(
        label="Customs clearance",
        required=False,
        min_value=0,
        max_digits=6,
        decimal_places=2,
        help_text="USD that your carrier asks. Empty: offers from abroad have no price at the door that is known.",
    )
    marketplace = forms.ChoiceField(label="Marketplace", required=False, choices=_marketplaces)
    offer_condition = forms.ChoiceField(
        label="Condition",
        required=False,
        choices=[("", "any"), ("new", "new"), ("refurbished", "refurbished"), ("used", "used")],
    )
    offer_country = forms.ChoiceField(label="Ships from", required=False, choices=_from_countries)
    refire_percent = forms.DecimalField(
        label="Tell me again",
        min_value=1,
        max_value=90,
        max_digits=4,
        decimal_places=1,
        initial=5,
        help_text="When it falls so many percent below what you were told last.",
    )
    delivery = forms.ChoiceField(
        label="Mails", choices=[(AT_ONCE, "at once"), (DAILY, "once a day, together")], initial=AT_ONCE
    )

    def clean_lines(self) -> tuple[tuple[str, int], ...]:
        written = self.cleaned_data["lines"].split(",")
        found = _lines_in(written[: MOST_LINES + 1])
        if len(found) != len(written) or len(written) > MOST_LINES:
            raise forms.ValidationError(f"Name at most {MOST_LINES} parts, such as v100-sxm2-16gb:4.")
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # A browser that keeps the state of another country's list must not make the form unusable.
        if cleaned.get("region") and cleaned["region"] not in prices.region_names(cleaned.get("country", "")):
            cleaned["region"] = ""
        has_regions = bool(prices.region_names(cleaned.get("country", "")))
        if has_regions and not cleaned.get("region") and _at_the_door(cleaned):
            self.add_error(
                "region",
                "Choose where it goes: without it the tax, and so the price at your door, is not known, and nothing "
                "could be told. Or watch the price as listed.",
            )
        return cleaned

    @property
    def counts_home_only(self) -> bool:
        """Whether offers from abroad cannot be told, for want of what the carrier asks."""
        return _at_the_door(self.cleaned_data) and self.cleaned_data.get("clearance_usd") is None

    @property
    def main_fields(self) -> list[BoundField]:
        return [self[name] for name in MAIN]

    @property
    def detail_fields(self) -> list[BoundField]:
        return [self[name] for name in DETAILS if name in self.fields]

    @property
    def has_error_in_details(self) -> bool:
        return any(field.errors for field in self.detail_fields)

    @property
    def wish(self) -> Wish:
        return Wish(**{name: self.cleaned_data[name] for name in WishForm.base_fields})

    @property
    def destination(self) -> Destination:
        """Where it goes, as far as it is known; of a form that was checked."""
        return Destination(self.cleaned_data.get("country", "US"), self.cleaned_data.get("region", ""))

    def refuse(self, refused: InvalidFields) -> None:
        for error in refused.errors:
            sentence = error.message[:1].upper() + error.message[1:]
            self.add_error(error.field if error.field in self.fields else None, sentence.rstrip(".") + ".")

    @cached_property
    def parts(self) -> list[tuple[Part, int]]:
        """What is watched, for the page's heading; empty where the parts are not of the catalog."""
        wanted = _lines_in(str(self["lines"].value() or "")[:LONGEST_LINES].split(","))
        known = Part.objects.in_bulk([slug for slug, _ in wanted], field_name="slug")
        return [(known[slug], pieces) for slug, pieces in wanted if slug in known]


class NewWatchForm(WishForm):
    """A wish and whose it is. Of an ``owner`` who comes from the manage page both are known."""

    address = forms.EmailField(label="Your e-mail address", max_length=LONGEST_ADDRESS, required=False)
    time_zone = forms.ChoiceField(
        label="Your time zone", choices=CallableChoiceIterator(_zones), initial="UTC", help_text="For the daily mail."
    )

    def __init__(self, *given: Any, owner: Subscriber | None = None, **more: Any) -> None:
        super().__init__(*given, **more)
        self.owner = owner
        if owner is not None:
            del self.fields["address"], self.fields["time_zone"]


class PreferencesForm(forms.Form):
    """When the daily mail comes."""

    time_zone = forms.ChoiceField(label="Time zone", choices=CallableChoiceIterator(_zones))
    digest_hour = forms.TypedChoiceField(
        label="Daily mail at", coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)]
    )


class LinkForm(forms.Form):
    """Whose watches a link is asked for."""

    address = forms.EmailField(label="Your e-mail address", max_length=LONGEST_ADDRESS)


def first_values(query: Mapping[str, str]) -> dict[str, Any]:
    """What an address says, and the usual choice for the rest; ``part`` is short for a line of one piece."""
    usual = {name: field.initial for name, field in NewWatchForm.base_fields.items() if field.initial is not None}
    given = usual | {name: value for name, value in query.items() if name in NewWatchForm.base_fields and value}
    if part := query.get("part"):
        given["lines"] = part
    return given


def values_of(watch: Watch) -> dict[str, Any]:
    """A watch as the form's first values."""
    lines = ",".join(f"{line.slug}:{line.quantity}" for line in watch.lines.all())
    return {"lines": lines} | {name: getattr(watch, name) for name in WishForm.base_fields if name != "lines"}


def query_of_the_rest(watch: Watch) -> str:
    """The form of a new watch as an address: on what is left of one that has lost a part, with its terms."""
    asked = values_of(watch) | {"lines": watch.remaining}
    return urlencode({name: value for name, value in asked.items() if value not in (None, "", False)})
