"""What is asked of an upgrade path: builds as they were pasted, and the one workload they are compared on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from catalog.snapshot import Catalog
from configurator.choice import BuildChoice, InvalidChoice
from configurator.estimates import read_choice, specs
from configurator.fields import COUNTRIES, FIELD_BY_NAME
from configurator.given_builds import NotABuild
from configurator.search.goal import QUANTS
from configurator.starting import STARTING_MACHINE, STARTING_MODEL
from configurator.upgrade.links import read_link
from configurator.upgrade.paths import MOST_PHASES, AuthoredPhase, UpgradePath
from sourcing import prices

CONTEXTS = ("8192", "32768", "131072")
OWN = "own"
USUAL: Mapping[str, str] = {**STARTING_MODEL, "context_tokens": CONTEXTS[0], "country": "US", "region": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """One build: what was pasted, and what is wrong with it. ``authored`` is what its author says of it."""

    name: str
    label: str
    text: str
    choice: BuildChoice | None = None
    error: str = ""
    authored: AuthoredPhase | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """``rows``: what is owned, then the phases, as many as were given. ``errors`` are of the settings, by name."""

    rows: tuple[Row, ...]
    settings: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    path: UpgradePath | None = None

    @property
    def own(self) -> BuildChoice | None:
        return self.rows[0].choice

    @property
    def targets(self) -> tuple[BuildChoice, ...]:
        return tuple(row.choice for row in self.rows[1:] if row.choice is not None)

    @property
    def is_answerable(self) -> bool:
        return bool(self.targets) and not self.errors and not any(row.error for row in self.rows)

    @property
    def blank_rows(self) -> tuple[Row, ...]:
        """Room for more phases."""
        return tuple(Row("p", f"Phase {number}", "") for number in range(len(self.rows), MOST_PHASES + 1))


def read_question(query: QueryDict, catalog: Catalog, paths: Mapping[str, UpgradePath], *, host: str) -> Question:
    """A question out of an address. A published path stands in where no build was pasted."""
    settings = {name: query.get(name, "").strip() or usual for name, usual in USUAL.items()}
    if settings["region"] not in prices.region_names(settings["country"]):
        settings["region"] = ""
    errors = _wrong(settings, catalog)
    own = query.get(OWN, "").strip()
    pasted = [text.strip() for text in query.getlist("p") if text.strip()]
    path = None if own or pasted else paths.get(query.get("path", ""))
    if path is not None:
        first = _authored(OWN, "What I own", path.own, None) if path.own else Row(OWN, "What I own", "")
        rows = [first, *(_authored("p", each.name, each.query, each) for each in path.phases)]
    else:
        rows = [_row(OWN, "What I own", own, catalog, host)]
        rows += [
            _row("p", f"Phase {number}", text, catalog, host) for number, text in enumerate(pasted[:MOST_PHASES], 1)
        ]
        if len(pasted) > MOST_PHASES:
            errors["p"] = f"{len(pasted)} phases were given; at most {MOST_PHASES} are compared. Take some out."
        elif own and not pasted:
            errors["p"] = "Where do you want to be? Paste one build at least."
    return Question(tuple(rows), settings, errors, path)


def _authored(name: str, label: str, query: Mapping[str, Any], phase: AuthoredPhase | None) -> Row:
    choice = read_choice(query)
    return Row(name, label, choice.to_query(), choice, authored=phase)


def _row(name: str, label: str, text: str, catalog: Catalog, host: str) -> Row:
    if not text:
        return Row(name, label, text)
    try:
        choice = read_link(text, catalog, host=host)
        specs(choice.replacing(STARTING_MODEL), catalog, None)
    except (InvalidChoice, NotABuild) as refused:
        return Row(name, label, text, error=str(refused))
    return Row(name, label, text, choice)


def _wrong(settings: Mapping[str, str], catalog: Catalog) -> dict[str, str]:
    """What is wrong with the settings, by their names."""
    try:
        specs(read_choice({**STARTING_MACHINE, **settings}), catalog, None)
    except InvalidChoice as refused:
        return {error.field: error.message for error in refused.errors}
    return {}


def lists(question: Question, catalog: Catalog) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(name, label, choices) of the settings."""
    models = [(slug, spec.name) for slug, spec in catalog.models.items() if spec.refusal is None]
    countries = [(code, name) for code, name in prices.country_names().items() if code in COUNTRIES]
    regions = prices.region_names(question.settings["country"])
    quants = [quant for quant in QUANTS if quant in FIELD_BY_NAME["quant"].options and quant not in ("AWQ", "FP8")]
    found = [
        ("model", "Model", models),
        ("quant", "Quantisation", [(quant, quant) for quant in quants]),
        ("context_tokens", "Context", [(tokens, f"{int(tokens):,} tokens") for tokens in CONTEXTS]),
        ("country", "Delivered to", countries),
    ]
    return [*found, ("region", "State or province", [("", "not told"), *regions.items()])] if regions else found
