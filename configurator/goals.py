"""A question of the search, from JSON or from the start page's form, read strictly; all mistakes are told at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.field_errors import FieldError, InvalidFields, shortened
from catalog.snapshot import Catalog, UnknownSlug
from catalog.specs import CircuitSpec, ModelSpec
from configurator.estimation.quantization import canonical_quant
from configurator.estimation.runtimes import RUNTIMES as KNOWN_RUNTIMES
from configurator.fields import COUNTRIES, FREIGHT_MODES, KV_DTYPES
from configurator.own_models.find import find_model
from configurator.search import Goal
from configurator.search.goal import KV_DTYPES as SEARCHED_KV_DTYPES
from configurator.search.goal import RUNTIMES
from sourcing import prices
from sourcing.landed.types import Destination
from sourcing.order_fields import Reader, amount, day, flag, one_of, text

KEYS = (
    "model", "models", "context_tokens", "depth_tokens", "prompt_tokens", "streams", "min_decode_tok_s",
    "min_prefill_tok_s", "max_landed_usd", "destination", "circuit", "circuit_count", "quants", "runtimes",
    "kv_dtypes", "quiet", "owned", "agent", "freight_mode", "exclusions_extended", "electricity_usd_per_kwh",
    "hours_per_day", "entry_date", "limit",
)  # fmt: skip
MOST_MODELS = 4
MOST_OWNED = 30
MOST_BUILDS = 50
USUAL_BUILDS = 10
CONTEXT_TOKENS = 8192


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. ``goals``: one for each model; a machine must run every one of them, one at a time."""

    goals: tuple[Goal, ...]
    destination: Destination
    entry_date: date
    agent: str
    freight_mode: str
    exclusions_extended: bool
    limit: int
    circuit_wished: bool

    @property
    def goal(self) -> Goal:
        return self.goals[0]


def read_question(question: Any, catalog: Catalog, as_of: date) -> Question:
    """A question of the recommend schema.

    Raises:
        InvalidFields: naming every key that is not usable and what is allowed.
    """
    errors: list[FieldError] = []
    fields = Reader(question, "", KEYS, errors)
    if not fields.is_object:
        raise InvalidFields(errors)
    models = _models(fields, catalog)
    destination = _destination(fields)
    circuit = _circuit(fields, catalog)
    whole = _whole_number
    read = {
        "context_tokens": fields.read("context_tokens", whole(1, 16_777_216), CONTEXT_TOKENS),
        "depth_tokens": fields.read("depth_tokens", whole(0, 16_777_216), 0),
        "prompt_tokens": fields.read("prompt_tokens", whole(1, 16_777_216), 2048),
        "streams": fields.read("streams", whole(1, 1024), 1),
        "circuit_count": fields.read("circuit_count", whole(1, 64), 1),
        "min_decode_tok_s": _number(fields, "min_decode_tok_s", "0", "100000"),
        "min_prefill_tok_s": _number(fields, "min_prefill_tok_s", "0", "10000000"),
        "electricity_usd_per_kwh": _number(fields, "electricity_usd_per_kwh", "0", "10", 0.12),
        "hours_per_day": _number(fields, "hours_per_day", "0", "24", 24.0),
        "max_landed_usd": fields.read("max_landed_usd", amount("0", "10000000", "USD")),
        "quiet": fields.read("quiet", flag, False),
        "quants": _list(fields, "quants", _quant),
        "runtimes": _list(fields, "runtimes", one_of(*KNOWN_RUNTIMES)) or RUNTIMES,
        "kv_dtypes": _list(fields, "kv_dtypes", one_of(*KV_DTYPES)) or SEARCHED_KV_DTYPES,
        "owned": _owned(fields, catalog),
    }
    depth, context = read["depth_tokens"], read["context_tokens"]
    if isinstance(depth, int) and isinstance(context, int) and depth > context:
        fields.refuse("depth_tokens", f"{depth:,} is more than the context of {context:,}; give that or less")
    asked = Question(
        goals=(),
        destination=destination,
        entry_date=fields.read("entry_date", day, as_of),
        agent=_agent(fields),
        freight_mode=fields.read("freight_mode", one_of(*FREIGHT_MODES), FREIGHT_MODES[0]),
        exclusions_extended=fields.read("exclusions_extended", flag, False),
        limit=fields.read("limit", whole(1, MOST_BUILDS), USUAL_BUILDS),
        circuit_wished=circuit is not None,
    )
    if errors:
        raise InvalidFields(errors)
    circuits = (circuit,) if circuit is not None else circuits_of(destination.country, catalog)
    goals = tuple(Goal(model=model, circuits=circuits, **read) for model in models)
    return Question(goals, *(getattr(asked, name) for name in Question.__slots__[1:]))


def circuits_of(country: str, catalog: Catalog) -> tuple[CircuitSpec, ...]:
    """The household circuits of a country by what they carry, the weakest first; where none is on record, the Union's
    for its members, else all."""
    known = sorted(catalog.circuits.values(), key=lambda one: (one.continuous_w, one.slug))
    own = [one for one in known if one.country == country]
    union = [one for one in known if one.country == "EU"]
    return tuple(own or union or known)


def _models(fields: Reader, catalog: Catalog) -> tuple[ModelSpec, ...]:
    one, several = fields.data.get("model"), fields.data.get("models")
    if one and several:
        fields.refuse("models", "give either model or models, not both")
        return ()
    given = several if several else [one]
    key = "models" if several else "model"
    if not isinstance(given, list) or len(given) > MOST_MODELS:
        fields.refuse("models", f"give a list of one to {MOST_MODELS} models")
        return ()
    if not given[0]:
        fields.refuse("model", "is missing; give a model of the catalog, such as llama-3.3-70b")
        return ()
    found = []
    for slug in given:
        try:
            model = find_model(catalog, text(slug))
        except (UnknownSlug, ValueError) as refused:
            fields.refuse(key, str(refused))
            continue
        if model.refusal is not None:
            fields.refuse(key, model.refusal.rstrip("."))
        found.append(model)
    return tuple(found)


def _destination(fields: Reader) -> Destination:
    given = fields.data.get("destination")
    if given is None or given == "":
        return Destination("US")
    if isinstance(given, str):  # "US" or "US-OR"
        country, _, region = given.partition("-")
        given = {"country": country, "region": region}
    inner = Reader(given, "destination.", ("country", "region"), fields.errors)
    country = str(inner.read("country", text, "US")).upper()
    country = "GB" if country == "UK" else country
    if country not in COUNTRIES:
        inner.refuse("country", f"'{shortened(country)}' is not on record; give one of {', '.join(COUNTRIES)}")
        return Destination("US")
    region, regions = str(inner.read("region", text, "")).upper(), prices.region_names(country)
    if region and region not in regions:
        allowed = f"one of {', '.join(regions)}" if regions else f"nothing, for {country} has one tax"
        inner.refuse("region", f"'{shortened(region)}' is not of {country}; give {allowed}")
        return Destination(country)
    return Destination(country, region)


def _circuit(fields: Reader, catalog: Catalog) -> CircuitSpec | None:
    slug = fields.read("circuit", text, "")
    if not slug:
        return None
    try:
        found: CircuitSpec = catalog.find("circuits", slug)
    except UnknownSlug as unknown:
        fields.refuse("circuit", str(unknown))
        return None
    return found


def _agent(fields: Reader) -> str:
    slug = str(fields.read("agent", text, "")).lower()
    if not slug or slug == "none":
        return ""
    try:
        prices.agent_named(slug)
    except (UnknownSlug, prices.RefusedAgent) as refused:
        fields.refuse("agent", str(refused).rstrip("."))
    return slug


def _owned(fields: Reader, catalog: Catalog) -> dict[str, int]:
    """Parts by slug and how many: an object, or a list of objects with part and count."""
    given = fields.data.get("owned")
    if given is None or given == "":
        return {}
    if isinstance(given, list):
        pairs = [_owned_pair(fields, place, one) for place, one in enumerate(given[: MOST_OWNED + 1])]
    elif isinstance(given, Mapping):
        pairs = list(given.items())
    else:
        fields.refuse("owned", 'give parts and how many, such as {"v100-sxm2-16gb": 4}')
        return {}
    if len(pairs) > MOST_OWNED:
        fields.refuse("owned", f"give at most {MOST_OWNED} parts")
        return {}
    owned: dict[str, int] = {}
    for slug, count in pairs:
        try:
            part = catalog.find("parts", text(slug))
            pieces = _whole_number(0, 128)(count)
        except (UnknownSlug, ValueError) as refused:
            fields.refuse("owned", str(refused))
            continue
        owned[part.slug] = owned.get(part.slug, 0) + pieces
    return owned


def _owned_pair(fields: Reader, place: int, one: Any) -> tuple[Any, Any]:
    """An entry of the list: an object, or a part's name alone."""
    if isinstance(one, str):
        return one, 1
    entry = Reader(one, f"owned[{place}].", ("part", "count"), fields.errors)
    return entry.data.get("part"), entry.data.get("count", 1)


def _list(fields: Reader, key: str, reader: Any) -> tuple[str, ...]:
    """A list of words, or one of them; empty where nothing was given."""

    def read(value: Any) -> tuple[str, ...]:
        words = value if isinstance(value, list) else [value]
        if len(words) > 60:
            raise ValueError("has more than 60 entries")
        return tuple(dict.fromkeys(reader(word) for word in words))

    return tuple(fields.read(key, read, ()))


def _quant(value: Any) -> str:
    return canonical_quant(text(value)).strip()


def _number(fields: Reader, key: str, low: str, high: str, default: float | None = None) -> float | None:
    found: Decimal | None = fields.read(key, amount(low, high))
    return default if found is None else float(found)


def _whole_number(low: int, high: int) -> Any:
    def read(value: Any) -> int:
        wrong = ValueError(f"'{shortened(value)}' is not allowed; give a whole number from {low:,} to {high:,}")
        try:
            number = amount(str(low), str(high))(value)
        except ValueError:
            raise wrong from None
        if number != int(number):
            raise wrong
        return int(number)

    return read
