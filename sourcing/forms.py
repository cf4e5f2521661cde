"""The calculator's forms: native controls whose values become a question, checked as API and command line are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from catalog.field_errors import InvalidFields, shortened
from catalog.snapshot import Catalog
from catalog.vocabulary import PART_KINDS
from sourcing import order_query, prices
from sourcing.landed.types import CURRENCY
from sourcing.order_fields import day

# Where parts of such machines are made; any other country can be given by API and command line.
MADE_IN = {
    "": "as on record",
    "CN": "China",
    "TW": "Taiwan",
    "HK": "Hong Kong",
    "MX": "Mexico",
    "US": "United States",
    "MY": "Malaysia",
    "TH": "Thailand",
    "VN": "Vietnam",
    "KR": "South Korea",
    "JP": "Japan",
    "SG": "Singapore",
    "CZ": "Czechia",
    "HU": "Hungary",
    "DE": "Germany",
}
CURRENCIES = (CURRENCY, "CNY", "EUR", "GBP", "CAD", "AUD", "HKD", "JPY")
OTHER = "other"
# The order a first visit shows: what a quad board build has shipped from China.
FIRST_ORDER: Sequence[Mapping[str, str]] = (
    {"part": "quad-board-taq-sxm2-4p5a5", "quantity": "1"},
    {"part": "v100-sxm2-16gb", "quantity": "4"},
    {"part": "plx8749-card", "quantity": "1"},
    {"part": "sff-8654-8i-cable-75cm", "quantity": "4"},
    {"part": "heatsink-a100-passive", "quantity": "4"},
)
Choices = Iterable[tuple[str, Any]]


def _text(label: str, unit: str = "", help_text: str = "", **attrs: str) -> forms.CharField:
    field = forms.CharField(required=False, label=label, help_text=help_text, widget=forms.TextInput(attrs=attrs))
    field.unit = unit  # type: ignore[attr-defined]
    return field


def _number(label: str, unit: str, help_text: str = "", step: str = "0.01") -> forms.CharField:
    field = _text(label, unit, help_text)
    field.widget = forms.NumberInput(attrs={"min": "0", "step": step, "inputmode": "decimal"})
    return field


def _choice(label: str, choices: Choices, help_text: str = "") -> forms.CharField:
    field = _text(label, "", help_text)
    field.widget = forms.Select(choices=list(choices))
    return field


def _date(label: str, help_text: str = "") -> forms.CharField:
    field = _text(label, "", help_text)
    field.widget = forms.DateInput(attrs={"type": "date"})
    return field


class ChoosingForm(forms.Form):
    """A form whose lists show what an address says even where it is not on them: else the first entry would stand
    there as if it had been chosen, and be sent the next time."""

    def show_what_was_given(self) -> None:
        for name, field in self.fields.items():
            value = str(self[name].value() or "")
            if isinstance(field.widget, forms.Select) and value not in _values(field.widget.choices):
                field.widget.choices = [(value, f"{shortened(value)} (not on the list)"), *field.widget.choices]


def _values(choices: Iterable[tuple[Any, Any]]) -> set[str]:
    """Every value of a list, those within groups too."""
    found: set[str] = set()
    for value, label in choices:
        found |= _values(label) if isinstance(label, list | tuple) else {str(value)}
    return found


class LineForm(ChoosingForm):
    """One line of the order. Nothing is checked here; ``read_order`` does, for page, API and command line alike."""

    def __init__(self, values: Mapping[str, str], index: int, catalog: Catalog) -> None:
        shown = {**{name: order_query.DEFAULTS.get(name, "") for name in order_query.LINE_NAMES}, **values}
        super().__init__({f"{index}-{name}": value for name, value in shown.items()}, prefix=str(index))
        self.values = dict(values)
        others = [("", "choose…"), *part_choices(catalog), (OTHER, "Something else, by tariff code")]
        self.fields["part"] = _choice("Part", others)
        self.fields["quantity"] = _number("Count", "", step="1")
        self.fields["unit_price"] = _number("Price each", "", "Empty: the published range.")
        self.fields["currency"] = _choice("Currency", [(code, code) for code in CURRENCIES])
        self.fields["origin"] = _choice("Made in", MADE_IN.items(), "Where it was made, not where it ships from.")
        self.fields["hts"] = _text("Tariff code", "", "Empty: as on record.", placeholder="8473.30.1180")
        self.fields["weight_kg"] = _number("Weight, packed", "kg", "Of one. Empty: the range on record.", step="0.01")
        self.fields["metal_percent"] = _number(
            "Copper by weight", "%", "Decides a duty on cables at 15 %. Empty: not known.", step="0.1"
        )
        self.show_what_was_given()

    @property
    def details_given(self) -> bool:
        """Whether something stands among the lesser settings, which are folded away otherwise."""
        return any(self.values.get(name) for name in ("origin", "hts", "weight_kg", "metal_percent")) or any(
            name in self.errors for name in ("origin", "hts", "weight_kg", "metal_percent")
        )


class OrderForm(ChoosingForm):
    """Where, when and how the order comes; with the forms of its lines."""

    MAIN = ("country", "region", "entry_date", "compare_date", "agent", "freight_mode", "exclusions_extended")
    OWN = (
        "freight_price",
        "freight_currency",
        "divisor",
        "domestic_freight_usd",
        "payment_percent",
        "brokerage_usd",
        "insured",
        "insurance_usd",
        "entry",
    )

    def __init__(self, query: Mapping[str, str], catalog: Catalog) -> None:
        lines = order_query.lines_in(query)
        if not order_query.names_lines(query):
            lines = [dict(line) for line in FIRST_ORDER]
        self.settings = {name: query.get(name, "").strip() for name in (*order_query.ORDER_NAMES, order_query.COMPARE)}
        shown = {**order_query.DEFAULTS, **{name: value for name, value in self.settings.items() if value}}
        super().__init__(shown)
        self._given = {name: value for name, value in self.settings.items() if value}
        empty: list[Mapping[str, str]] = [{}] * (2 if "more" in query else 1)
        self.line_values = lines
        self.lines = [LineForm(line, index, catalog) for index, line in enumerate([*lines, *empty])]
        yes_no = (("false", "no"), ("true", "yes"))
        self.fields["country"] = _choice("Delivered to", prices.country_names().items())
        self.fields["region"] = _choice(
            "State or province",
            [("", "not told"), *prices.region_choices()],
            "Decides tax in the US and Canada.",
        )
        self.fields["entry_date"] = _date("Enters customs on", "Duty is that of this day. Empty: today.")
        self.fields["compare_date"] = _date("Compare with entry on", "Empty: the last day before its duty changed.")
        self.fields["agent"] = _choice(
            "Agent", [("", "none"), *prices.agent_choices()], "PandaBuy is not offered; see below why."
        )
        self.fields["freight_mode"] = _choice("Freight line", prices.freight_choices())
        self.fields["exclusions_extended"] = _choice(
            "Assume the duty exclusions were extended", yes_no, "They ended on 2026-11-09 in the text we have."
        )
        self.fields["freight_price"] = _number("Your freight quote", "", "For the whole order. Empty: by weight.")
        self.fields["freight_currency"] = _choice("Its currency", [(code, code) for code in CURRENCIES])
        self.fields["divisor"] = _number("Volume divisor", "cm³/kg", "Of your carrier. Empty: the line's.", step="1")
        self.fields["domestic_freight_usd"] = _number("Freight within China", "USD", "Seller to agent.")
        self.fields["payment_percent"] = _number("Payment surcharge", "%", "What paying the agent costs.", step="0.1")
        self.fields["brokerage_usd"] = _number("Customs clearance", "USD", "What carrier or broker asks.")
        self.fields["insured"] = _choice("Insure the shipment", yes_no)
        self.fields["insurance_usd"] = _number("Insurance", "USD", "Your own figure.")
        self.fields["entry"] = _choice(
            "Kind of entry", (("", "by value"), ("informal", "informal"), ("formal", "formal")), "United States only."
        )
        self.show_what_was_given()

    @property
    def question(self) -> dict[str, Any]:
        return order_query.question_of(self.line_values, {"country": order_query.DEFAULTS["country"]} | self._given)

    @property
    def query(self) -> str:
        """The shortest address of this order."""
        return order_query.to_query(self.line_values, self.settings)

    def compare_date(self) -> date | None:
        """The day to compare with; None where none was given. A wrong one is noted beside its field."""
        given = self.settings[order_query.COMPARE]
        if not given:
            return None
        try:
            return day(given)
        except ValueError as error:
            self.add_error(order_query.COMPARE, f"{error}.")
            return None

    def refuse(self, refused: InvalidFields) -> None:
        """Put each error beside the control it names."""
        for error in refused.errors:
            name = order_query.name_of(error.field)
            text = error.message.removeprefix(f"{error.field}: ")
            text = text[:1].upper() + text[1:]
            index, dash, inner = name.partition("-")
            if dash and int(index) < len(self.lines):
                self.lines[int(index)].add_error(inner, text)
            else:
                self.add_error(name or None, text)

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """(id of the control, label, what is wrong) of every error, for a list of them."""
        found = []
        for number, form in enumerate([*self.lines, self]):
            place = f"Line {number + 1}, " if form is not self else ""
            for name, errors in form.errors.items():
                known = name in form.fields
                label = f"{place}{form[name].label}" if known else ""
                found.append((form[name].id_for_label if known else "order-form", label, " ".join(map(str, errors))))
        return found

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MAIN]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.OWN]

    @property
    def own_given(self) -> bool:
        return any(self.settings[name] or name in self.errors for name in self.OWN)


def part_choices(catalog: Catalog) -> list[tuple[str, Any]]:
    """(kind, its parts as slug and name) for a list to choose from."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for part in catalog.parts.values():
        groups.setdefault(PART_KINDS.get(part.kind, part.kind), []).append((part.slug, part.name))
    return list(groups.items())


def _decimal(label: str, unit: str, initial: str, lowest: str, highest: str, help_text: str = "") -> forms.DecimalField:
    field = forms.DecimalField(
        label=label,
        initial=initial,
        min_value=Decimal(lowest),
        max_value=Decimal(highest),
        max_digits=14,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    field.unit = unit  # type: ignore[attr-defined]
    return field


class RentingForm(forms.Form):
    """Owning a machine against renting GPUs by the hour. Its fields are those of ``renting.Renting``."""

    purchase_usd = _decimal("The machine, landed", "USD", "1152", "0.01", "100000000")
    gpus = forms.IntegerField(label="GPUs", initial=4, min_value=1, max_value=10_000)
    rent_usd_per_gpu_hour = _decimal("Rent", "USD per GPU-hour", "0.20", "0.0001", "10000", "Look up today's rate.")
    hours_per_day = _decimal("Hours of work a day", "h", "8", "0.01", "24")
    power_w = _decimal("Power while working", "W at the wall", "850", "1", "10000000")
    idle_w = _decimal("Power the rest of the day", "W at the wall", "0", "0", "10000000", "0: switched off.")
    electricity_usd_per_kwh = _decimal("Electricity", "USD/kWh", "0.12", "0", "100")
    resale_usd = _decimal("Sold again for", "USD", "0", "0", "100000000", "What it still fetches in the end.")

    def __init__(self, query: Mapping[str, str]) -> None:
        # Whoever links here gives what they know; the rest keeps its default.
        super().__init__({name: query.get(name) or str(field.initial) for name, field in self.base_fields.items()})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name, most in (("idle_w", "power_w"), ("resale_usd", "purchase_usd")):
            if name in values and most in values and values[name] > values[most]:
                self.add_error(name, f"At most {values[most]}, the figure of {self.fields[most].label!r}.")
        return values
