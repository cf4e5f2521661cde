"""Every setting of a choice: its name in query strings and JSON, its default, and what it allows.

Pure: no Django, no clock, no I/O. Forms, the API's document and error messages are all made from this table.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from configurator.estimation.quantization import QUANTS
from configurator.estimation.runtimes import RUNTIMES

SPLITS = ("none", "layer", "row", "tensor")
KV_DTYPES = ("f16", "q8_0", "q4_0", "fp8")
# Where a build can be delivered: the United States, Canada, Australia, the United Kingdom and the European Union.
COUNTRIES = (
    *("US", "CA", "GB", "AU"),
    *("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT"),
    *("LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"),
)
PRICE_SOURCES = ("best", "quote", "offer", "band")
FREIGHT_MODES = ("express", "air", "sea")
MAX_SLUG_LENGTH = 80
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Field:
    """One setting: its name in query strings and JSON, and what it allows."""

    name: str
    kind: str  # slug, option, int, number, flag, money, date
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    options: tuple[str, ...] = ()
    label: str = ""
    unit: str = ""
    help: str = ""

    @property
    def allowed(self) -> str:
        """What may stand here, as words for an error message or for documentation."""
        if self.kind == "option":
            return "one of " + ", ".join(self.options)
        if self.kind == "flag":
            return "true or false"
        if self.kind == "date":
            return f"a date such as 2026-11-23, from {FIRST_DAY.year} to {LAST_DAY.year}"
        if self.kind == "slug":
            return "a name from the catalog, such as those the lists under /api/v1/ give"
        kind = "a whole number" if self.kind == "int" else "a number"
        cents = " with at most two decimals" if self.kind == "money" else ""
        return f"{kind} from {_plain(self.minimum)} to {_plain(self.maximum)}{cents}"


def _plain(bound: float | None) -> str:
    return f"{bound:,.12g}" if bound is not None else "any"


@dataclass(frozen=True, slots=True)
class Slot:
    """One line of the part list beside GPU and carrier, and the kinds of part that may stand in it."""

    key: str
    label: str
    kind: str


SLOTS = (
    Slot("io_card", "PCIe link card", "io-card"),
    Slot("cable", "Cables", "cable"),
    Slot("cooler", "Cooling", "cooler"),
    Slot("fan", "Fans", "fan"),
    Slot("psu", "Power supply", "psu"),
    Slot("frame", "Frame", "frame"),
    Slot("host", "Host", "host"),
    Slot("cpu", "Processors", "cpu"),
    Slot("ram", "Memory", "ram"),
)
PRICED_KEYS = ("gpu", "carrier", *(slot.key for slot in SLOTS))
OWNABLE = (("carrier", "Platforms owned"), ("gpu", "GPUs owned"), *((s.key, f"{s.label} owned") for s in SLOTS))


def _count(name: str, default: int, maximum: int, label: str) -> Field:
    return Field(name, "int", default, 0, maximum, label=label)


FIELDS: tuple[Field, ...] = (
    Field("model", "slug", label="Model"),
    Field("quant", "option", "Q4_K_M", options=QUANTS, label="Quantisation"),
    Field(
        "weights_bytes",
        "int",
        None,
        1,
        10**14,
        label="Real file size",
        unit="bytes",
        help="If you know the file, its size replaces the computed one.",
    ),
    Field("gpu", "slug", label="GPU"),
    Field("gpu_count", "int", 1, 1, 64, label="GPUs"),
    Field("carrier", "slug", label="Platform", help="The board or server the modules sit on."),
    _count("carrier_count", 1, 16, "Platforms"),
    *(
        field
        for slot in SLOTS
        for field in (
            Field(slot.key, "slug", label=slot.label),
            _count(f"{slot.key}_count", 1, 128, f"{slot.label}: how many"),
        )
    ),
    Field("runtime", "option", "llama.cpp", options=RUNTIMES, label="Runtime"),
    Field(
        "split",
        "option",
        None,
        options=SPLITS,
        label="Split",
        help="Layer: GPUs take turns. Tensor: they work at once and must talk after every layer.",
    ),
    Field("tensor_parallel", "int", None, 1, 64, label="Tensor parallel", unit="GPUs"),
    Field("pipeline_parallel", "int", None, 1, 64, label="Pipeline parallel", unit="stages"),
    Field(
        "context_tokens",
        "int",
        8192,
        1,
        16_777_216,
        label="Context",
        unit="tokens",
        help="Cache set aside for each stream.",
    ),
    Field(
        "depth_tokens",
        "int",
        0,
        0,
        16_777_216,
        label="Depth",
        unit="tokens",
        help="Tokens already in the cache when speed is asked.",
    ),
    Field("prompt_tokens", "int", 2048, 1, 16_777_216, label="Prompt", unit="tokens"),
    Field("streams", "int", 1, 1, 1024, label="Streams", help="Conversations at once."),
    Field("kv_dtype", "option", "f16", options=KV_DTYPES, label="Cache type"),
    Field("ubatch", "int", 512, 1, 16_384, label="Micro-batch", unit="tokens"),
    Field("flash_attention", "flag", True, label="Flash attention"),
    Field(
        "expert_layers_in_ram",
        "int",
        0,
        0,
        1000,
        label="Experts in RAM",
        unit="layers",
        help="llama.cpp -ncmoe: the processor computes the experts of so many layers. Slower, but fits.",
    ),
    Field(
        "gpu_layers",
        "int",
        None,
        0,
        1000,
        label="Layers on GPUs",
        unit="layers",
        help="llama.cpp -ngl: the other layers stay in RAM. Empty: all on GPUs.",
    ),
    Field(
        "speculative_tokens",
        "int",
        0,
        0,
        8,
        label="Drafted tokens",
        unit="tokens",
        help="Guessed ahead with the model's own MTP layers. 0: plain decoding.",
    ),
    Field(
        "power_limit_w",
        "int",
        None,
        1,
        2000,
        label="Power limit per GPU",
        unit="W",
        help="Empty: the card's default. A limit is lost at every restart unless a boot service sets it.",
    ),
    Field("circuit", "slug", "us-120v-15a", label="Circuit"),
    Field("circuit_count", "int", 1, 1, 64, label="Circuits", help="How many such circuits share the load."),
    Field("electricity_usd_per_kwh", "number", 0.12, 0, 10, label="Electricity", unit="USD/kWh"),
    Field("hours_per_day", "number", 24.0, 0, 24, label="Hours a day", unit="h"),
    Field("country", "option", "US", options=COUNTRIES, label="Delivered to"),
    Field(
        "region",
        "slug",
        label="State or province",
        help="Decides sales tax in the United States and Canada. Empty: that tax is unknown.",
    ),
    Field("agent", "slug", label="Agent", help="Who buys and ships for you in China."),
    Field(
        "freight_mode",
        "option",
        "express",
        options=FREIGHT_MODES,
        label="Freight line",
        help="Express in days, air in weeks, sea in months.",
    ),
    Field(
        "freight_usd",
        "money",
        None,
        0,
        100_000,
        label="Freight",
        unit="USD",
        help="Your own quote for the whole order. Empty: a range by weight and volume.",
    ),
    Field("entry_date", "date", None, label="Enters customs on", help="Duty is that of this day. Empty: today."),
    Field(
        "exclusions_extended",
        "flag",
        False,
        label="Assume the duty exclusions were extended",
        help="They ended on 2026-11-09 in the text we have.",
    ),
    Field(
        "compare_date",
        "date",
        None,
        label="Compare with entry on",
        help="The same order on another day. Empty: the last day before its duty last changed.",
    ),
    *(
        Field(f"{key}_owned", "int", 0, 0, 128, label=label, help="How many of them are there already: not bought.")
        for key, label in OWNABLE
    ),
    *(Field(f"{key}_price", "money", None, 0, 1_000_000, label="Your price", unit="USD each") for key in PRICED_KEYS),
    *(
        Field(
            f"{key}_price_from",
            "option",
            "best",
            options=PRICE_SOURCES,
            label="Price from",
            help="Best: your quote, else the offers of today, else the published price. Your own price always counts.",
        )
        for key in PRICED_KEYS
    ),
)
FIELD_BY_NAME = {field.name: field for field in FIELDS}
