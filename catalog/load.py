"""The data files into the database: read, check everything, then write what differs, all or nothing.

Other apps add their own data with ``register``; their loaders run after the catalog's, in the same transaction.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from django.db import models, transaction

from catalog.claim_models import Claim
from catalog.claim_validation import section_problems
from catalog.models import CatalogRevision, Circuit, Item, LanguageModel, Part, Preset
from catalog.validation import item_problems, preset_problems
from catalog.vocabulary import PART_KINDS
from catalog.yaml_lines import YamlFile, read_yaml_folder

DATA_DIR = Path(__file__).resolve().parent / "data"
PRESETS_FOLDER = "presets"
CLAIMS_FOLDER = "claims"

_Row = TypeVar("_Row", bound=models.Model)


class CatalogError(ValueError):
    """Data files that cannot be loaded. ``errors`` each name file and line; nothing was written."""

    def __init__(self, errors: Iterable[str]) -> None:
        self.errors = list(errors)
        super().__init__("\n".join(self.errors))


@dataclass(frozen=True, slots=True)
class Counts:
    """What loading did with one kind of row."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated or self.deleted)

    def __str__(self) -> str:
        return f"{self.created} created, {self.updated} updated, {self.unchanged} unchanged, {self.deleted} deleted"


@dataclass(frozen=True, slots=True)
class CatalogRows:
    """The catalog's rows as the files have them, not yet saved."""

    parts: list[Part]
    circuits: list[Circuit]
    models: list[LanguageModel]
    presets: list[Preset]
    claims: list[Claim]


Loader = Callable[[], Counts]
"""Reads an app's data files and writes its rows. Raises CatalogError with every error it found."""

_registered: dict[str, Loader] = {}


def register(name: str, loader: Loader) -> None:
    """Have ``load_all`` run another app's loader after the catalog's own. Called from that app's ``ready()``."""
    _registered[name] = loader


def load_all() -> dict[str, Counts]:
    """Load the catalog and what other apps registered, in one transaction; name -> what was done.

    Raises CatalogError: with the errors of the catalog's own files, or where those are sound, of all other loaders.
    """
    with transaction.atomic():
        done = load()
        errors: list[str] = []
        for name, loader in _registered.items():
            try:
                done[name] = loader()
            except CatalogError as error:
                errors += error.errors
        if errors:
            raise CatalogError(errors)
        if any(done[name].changed for name in _registered):
            CatalogRevision.objects.bump()
    return done


def load(data_dir: Path = DATA_DIR) -> dict[str, Counts]:
    """Load the catalog's own files; name -> what was done. Raises CatalogError with every error in them."""
    rows = read(data_dir)
    with transaction.atomic():
        done = {
            "parts": write(Part.objects.all(), rows.parts),
            "circuits": write(Circuit.objects.all(), rows.circuits),
            "models": write(LanguageModel.objects.all(), rows.models),
            "presets": write(Preset.objects.all(), rows.presets),
            "claims": write(Claim.objects.all(), rows.claims, key="number"),
        }
        if any(counts.changed for counts in done.values()):
            CatalogRevision.objects.bump()
    return done


def write(existing: "models.QuerySet[_Row]", wanted: Iterable[_Row], key: str = "slug") -> Counts:
    """Make the table hold exactly the wanted rows, told apart by ``key``; a row that is the same is not written."""
    before = {getattr(row, key): row for row in existing}
    created = updated = unchanged = 0
    for row in wanted:
        old = before.pop(getattr(row, key), None)
        if old is None:
            row.save(force_insert=True)
            created += 1
        elif changed := [name for name in _columns(row) if getattr(old, name) != getattr(row, name)]:
            row.pk = old.pk
            row.save(force_update=True, update_fields=changed)
            updated += 1
        else:
            unchanged += 1
    existing.filter(pk__in=[row.pk for row in before.values()]).delete()
    return Counts(created, updated, unchanged, deleted=len(before))


def _columns(row: models.Model) -> Iterator[str]:
    return (field.attname for field in row._meta.concrete_fields if not field.primary_key)


def read(data_dir: Path) -> CatalogRows:
    """Read and check every file below ``data_dir``. Raises CatalogError with every error in them."""
    files, errors = read_yaml_folder(data_dir, relative_to=data_dir.parent.parent)
    if not files and not errors:
        errors.append(f"{data_dir}: holds no data files")
    presets = [file for file in files if file.path.parent.name == PRESETS_FOLDER]
    sections = [file for file in files if file.path.parent.name == CLAIMS_FOLDER]
    items = [file for file in files if file.path.parent.name not in (PRESETS_FOLDER, CLAIMS_FOLDER)]
    known_parts = {file.path.stem for file in items if file.data.get("kind") in PART_KINDS}
    errors += _name_errors(items) + _name_errors(presets)
    for file in items:
        errors += [file.error(path, message) for path, message in item_problems(file.data)]
    for file in presets:
        errors += [file.error(path, message) for path, message in preset_problems(file.data, known_parts)]
    for file in sections:
        errors += [file.error(path, message) for path, message in section_problems(file.data, known_parts)]
    if errors:
        raise CatalogError(errors)
    if errors := [*_number_errors(presets, sections)]:
        raise CatalogError(errors)
    rows = [_item(file.data) for file in items]
    return CatalogRows(
        parts=[row for row in rows if isinstance(row, Part)],
        circuits=[row for row in rows if isinstance(row, Circuit)],
        models=[row for row in rows if isinstance(row, LanguageModel)],
        presets=[_preset(file.data) for file in presets],
        claims=[_claim(claim, file.data) for file in sections for claim in file.data["claims"]],
    )


def _name_errors(files: Iterable[YamlFile]) -> list[str]:
    """Files that are not named after their slug, and slugs that two files have."""
    first: dict[str, str] = {}
    errors = []
    for file in files:
        slug = str(file.data.get("slug"))
        if slug != file.path.stem:
            errors.append(file.error(("slug",), f"slug is {slug!r}, allowed: the file's name, {file.path.stem!r}"))
        if slug in first:
            errors.append(file.error(("slug",), f"slug {slug!r} is there twice, first in {first[slug]}"))
        first.setdefault(slug, file.label)
    return errors


def _number_errors(presets: Iterable[YamlFile], sections: Iterable[YamlFile]) -> Iterator[str]:
    """Numbers that two claims have, and verdicts on a configuration that name no claim."""
    first: dict[str, str] = {}
    for file in sections:
        for index, claim in enumerate(file.data["claims"]):
            path, number = ("claims", index, "number"), claim["number"]
            if number in first:
                yield file.error(path, f"number {number!r} is there twice, first in {first[number]}")
            first.setdefault(number, f"{file.label}:{file.line(path)}")
    for file in presets:
        for index, verdict in enumerate(file.data.get("verdicts", [])):
            if verdict["claim"] not in first:
                yield file.error(("verdicts", index, "claim"), f"claim is {verdict['claim']!r}, which is not audited")


def _claim(claim: Mapping[str, Any], section: Mapping[str, Any]) -> Claim:
    return Claim(
        number=claim["number"],
        section=section["section"],
        name=claim["name"],
        guide=claim["guide"],
        verdict=claim["verdict"],
        holds=claim.get("holds", ""),
        why=claim.get("why", ""),
        sources=[section["sources"][key] for key in claim.get("sources", [])],
        parts=claim.get("parts", []),
        computes=claim.get("computes", []),
    )


def _item(data: Mapping[str, Any]) -> Item:
    common = {key: data[key] for key in ("slug", "name", "summary", "sources", "figures")}
    row: Item
    if data["kind"] == "model":
        row = LanguageModel(**common)
    elif data["kind"] == "circuit":
        row = Circuit(**common)
    else:
        row = Part(
            **common,
            kind=data["kind"],
            search=data.get("search", {}),
            buy=data.get("buy", []),
            comparator=data.get("comparator", False),
        )
    row.copy_figures_to_columns()
    return row


def _preset(data: Mapping[str, Any]) -> Preset:
    return Preset(
        slug=data["slug"],
        name=data["name"],
        summary=data["summary"],
        total_usd=Decimal(data["total_usd"]),
        sources=data["sources"],
        lines=data["lines"],
        query={key: str(value) for key, value in data["query"].items()},
        verdicts=data.get("verdicts", []),
    )
