"""The configurator's form: native controls from the table of settings, checked as API and command line are."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.choices import CallableChoiceIterator

from catalog.snapshot import Catalog, UnknownSlug
from configurator.choice import BuildChoice, InvalidChoice, unknown_names
from configurator.estimates import read_choice
from configurator.fields import COUNTRIES, FIELD_BY_NAME, FIELDS, OWNABLE, SLOTS, Field
from configurator.models import OwnModel
from configurator.own_models.find import find_model
from configurator.starting import STARTING_MACHINE, STARTING_MODEL
from sourcing import prices

WORKLOAD = ("model", "quant", "context_tokens", "streams", "runtime", "split")
DETAIL = (
    "tensor_parallel",
    "pipeline_parallel",
    "depth_tokens",
    "prompt_tokens",
    "kv_dtype",
    "ubatch",
    "flash_attention",
    "expert_layers_in_ram",
    "gpu_layers",
    "speculative_tokens",
    "weights_bytes",
)
POWER = ("power_limit_w", "circuit", "circuit_count", "electricity_usd_per_kwh", "hours_per_day")
SOURCING = (
    "country",
    "region",
    "agent",
    "freight_mode",
    "freight_usd",
    "entry_date",
    "compare_date",
    "exclusions_extended",
)
EMPTY_LABELS = {"split": "automatic", "agent": "none", "region": "not told", "carrier": "none: cards in PCIe slots"}
FLAG_CHOICES = {
    "flash_attention": (("true", "on"), ("false", "off")),
    "exclusions_extended": (("false", "no"), ("true", "yes")),
}
Choices = Iterable[tuple[str, Any]]
NAMES: Mapping[str, Callable[[], list[tuple[str, Any]]]] = {
    "country": lambda: [(code, name) for code, name in prices.country_names().items() if code in COUNTRIES],
    "freight_mode": prices.freight_choices,
}


class SettingField(forms.CharField):
    """A control for one setting. It checks nothing itself: read_choice does, for page, API and command line alike."""

    def __init__(self, setting: Field, widget: forms.Widget) -> None:
        super().__init__(required=False, label=setting.label, help_text=setting.help, widget=widget)
        self.unit = setting.unit


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One row of the part list: which part, how many, at what price of one's own."""

    key: str
    label: str
    part: BoundField
    count: BoundField
    price: BoundField
    line: Any = field(default=None)


def visible(character: str) -> bool:
    return character in "\r\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")


class BuildForm(forms.Form):
    """Bound to a query string. ``choice()`` is its cleaned result; errors stand by the fields they name."""

    def __init__(self, query: QueryDict | Mapping[str, str], catalog: Catalog, agents: Choices) -> None:
        data = {name: query[name] for name in query}
        self.ignored = unknown_names(data)
        for name in self.ignored:
            del data[name]
        if not any(name in data for name in ("gpu", "carrier")):
            data = {**STARTING_MACHINE, **data}
        if "model" not in data:
            data = {**STARTING_MODEL, **data}
        shown = {setting.name: data.get(setting.name, _shown(setting.default)) for setting in FIELDS}
        super().__init__(shown)
        self._given = data
        for setting in FIELDS:
            self.fields[setting.name] = SettingField(setting, _widget(setting, catalog, agents))
        self._offer_own_model(catalog, str(shown["model"]))

    def choice(self) -> BuildChoice:
        """The choice this form holds. Raises InvalidChoice; ``refuse`` then puts the errors beside their fields."""
        return read_choice(self._given)

    def _offer_own_model(self, catalog: Catalog, slug: str) -> None:
        """A model somebody added stands in the list of whoever has its address."""
        if not slug.startswith(OwnModel.PREFIX):
            return
        try:
            own = find_model(catalog, slug)
        except UnknownSlug:
            return
        widget = self.fields["model"].widget
        widget.choices = [(own.slug, f"Added: {own.name}"), *widget.choices]

    def refuse(self, refused: InvalidChoice) -> None:
        """Put each error beside the field it names."""
        for error in refused.errors:
            field = error.field if error.field in self.fields else None
            # Beside its own control an error need not name the setting.
            named = f"{FIELD_BY_NAME[field].label} ({field}): " if field else ""
            text = error.message.removeprefix(named)
            self.add_error(field, text[:1].upper() + text[1:])

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """(name, label, what is wrong) of every setting with an error, for a list of them."""
        return [
            (name, FIELD_BY_NAME[name].label if name in self.fields else "", " ".join(str(error) for error in errors))
            for name, errors in self.errors.items()
        ]

    def _bound(self, names: Iterable[str]) -> list[BoundField]:
        return [self[name] for name in names]

    @property
    def workload_fields(self) -> list[BoundField]:
        return self._bound(WORKLOAD)

    @property
    def split_fields(self) -> list[BoundField]:
        return self._bound(DETAIL)

    @property
    def power_fields(self) -> list[BoundField]:
        return self._bound(POWER)

    @property
    def sourcing_fields(self) -> list[BoundField]:
        return self._bound(SOURCING)

    @property
    def owned_fields(self) -> list[BoundField]:
        return self._bound(f"{key}_owned" for key, _ in OWNABLE)

    @property
    def slots(self) -> list[SlotRow]:
        keys = (("carrier", "Platform"), ("gpu", "GPU"), *((slot.key, slot.label) for slot in SLOTS))
        return [
            SlotRow(key, label, part=self[key], count=self[f"{key}_count"], price=self[f"{key}_price"])
            for key, label in keys
        ]


def _shown(default: Any) -> str:
    """A default as the control shows it."""
    if default is None:
        return ""
    if isinstance(default, bool):
        return "true" if default else "false"
    return f"{default:g}" if isinstance(default, float) else str(default)


def _widget(setting: Field, catalog: Catalog, agents: Choices) -> forms.Widget:
    """The native control for a setting; lists are built only when the control is drawn."""
    if setting.kind in ("slug", "option", "flag"):
        return forms.Select(choices=CallableChoiceIterator(lambda: list(_options(setting, catalog, agents))))
    if setting.kind == "date":
        return forms.DateInput(attrs={"type": "date"})
    step = {"int": "1", "money": "0.01"}.get(setting.kind, "any")
    attrs = {"min": f"{setting.minimum:.12g}", "max": f"{setting.maximum:.15g}", "step": step, "inputmode": "decimal"}
    return forms.NumberInput(attrs=attrs)


def _options(setting: Field, catalog: Catalog, agents: Choices) -> Choices:
    if setting.kind == "flag":
        return FLAG_CHOICES[setting.name]
    options: list[tuple[str, Any]] = []
    if setting.default is None:
        options.append(("", EMPTY_LABELS.get(setting.name, "choose…" if setting.name in ("model", "gpu") else "none")))
    if setting.name in NAMES:
        return options + NAMES[setting.name]()
    if setting.kind == "option":
        return options + [(option, option) for option in setting.options]
    if setting.name == "agent":
        return options + list(agents)
    if setting.name == "region":
        return options + prices.region_choices()
    if setting.name == "model":
        return options + [
            (slug, f"{spec.name} (cannot be estimated)" if spec.refusal else spec.name)
            for slug, spec in catalog.models.items()
        ]
    return options + [(slug, name) for slug, name in catalog.names_for(setting.name)]


class SaveForm(forms.Form):
    """A build to save: the configurator's query string and a name for it."""

    query = forms.CharField(max_length=8000, error_messages={"required": "There is no build to save."})
    title = forms.CharField(
        max_length=120, required=False, error_messages={"max_length": "A title has at most 120 characters."}
    )

    def clean_title(self) -> str:
        """Without control and direction characters, which could turn round what stands beside the title."""
        title = "".join(" " if c in "\r\n\t" else c for c in self.cleaned_data["title"] if visible(c))
        return " ".join(title.split())
