"""The price bands into the database, and a check of all other data files of this app, as part of ``load_catalog``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalog.figures import source_of
from catalog.load import CatalogError, Counts, write
from catalog.models import Part
from catalog.provenance import Source
from catalog.validation import source_problems
from catalog.yaml_lines import YamlFile, read_yaml_folder
from sourcing import buying, exchange
from sourcing.measures import DATA_DIR, MeasuresError, check
from sourcing.models import CURRENCIES, MARKETS, VERDICTS, PriceBand
from sourcing.rents import read_rents
from sourcing.yaml_fields import Fields


def load(data_dir: Path = DATA_DIR) -> Counts:
    """Make the bands equal to the files; the parts they name must be loaded already.

    Raises CatalogError: with every error in the files of bands, tariffs, fees, taxes, freight, agents, rents and rates.
    """
    errors: list[str] = []
    parts = dict(Part.objects.values_list("slug", "pk"))
    try:
        check(data_dir, parts)
        buying.read_search_terms(data_dir)
        read_rents(data_dir)
    except MeasuresError as error:
        errors += error.errors
    bands = _read_bands(data_dir / "bands", parts, errors)
    if errors:
        raise CatalogError(errors)
    counts = write(PriceBand.objects.all(), bands, key="place")
    exchange.store_bundled()
    return counts


def _read_bands(folder: Path, parts: Mapping[str, int], errors: list[str]) -> list[PriceBand]:
    """Rows, not yet saved, from every file of a folder; what is wrong with the files is added to ``errors``."""
    files, unreadable = read_yaml_folder(folder, relative_to=folder.parent.parent)
    errors += unreadable
    return [band for file in files for band in _bands_of(file, parts, errors)]


def _bands_of(file: YamlFile, parts: Mapping[str, int], errors: list[str]) -> list[PriceBand]:
    fields = Fields(file)
    slug = fields.text("part")
    if slug not in parts:
        fields.refuse("part", f"part is {slug!r}, allowed: the slug of a part in the catalog")
    elif slug != file.path.stem:
        fields.refuse("part", f"part is {slug!r}, allowed: the file's name, {file.path.stem!r}")
    stored = fields.raw("sources")
    problems = list(source_problems(stored))
    entries = fields.raw("bands")
    if not isinstance(entries, list) or not entries:
        fields.refuse("bands", "bands is missing or empty, allowed: a list of price bands, the one computed with first")
        entries = []
    found = [*fields.finish(), *(file.error(path, message) for path, message in problems)]
    sources = {} if problems else {key: source_of(source) for key, source in stored.items()}
    bands = []
    for position, entry in enumerate(entries):
        band_fields = Fields(file, entry, ("bands", position))
        bands.append(_band(band_fields, parts.get(slug, 0), position, sources))
        found += band_fields.finish()
    errors += found
    return [] if found else bands


def _band(fields: Fields, part_id: int, position: int, sources: Mapping[str, Source]) -> PriceBand:
    low, high = fields.money("low"), fields.money("high")
    if high < low:
        fields.refuse("high", f"high is {high}, allowed: {low} (low) or more")
    values: dict[str, Any] = {
        "currency": fields.choice("currency", CURRENCIES),
        "market": fields.choice("market", list(MARKETS)),
        "as_of": fields.day("as_of"),
        "verdict": fields.choice("verdict", list(VERDICTS)),
        "note": fields.text("note", ""),
    }
    key = fields.text("source")
    if key in sources:
        source = sources[key]
        values |= {
            "source_title": source.title,
            "source_href": source.href,
            "source_checked_on": source.checked_on,
            "confidence": source.confidence.value,
        }
    else:
        fields.refuse("source", f"source is {key!r}, allowed: {', '.join(sources) or 'a key of sources'}")
    return PriceBand(part_id=part_id, position=position, low=low, high=high, **values)
