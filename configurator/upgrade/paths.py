"""Upgrade paths somebody published, as they worded them: one file each in ``configurator/data/upgrades``."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field, ValidationError

from catalog.provenance import Confidence
from catalog.yaml_lines import YamlFileError, read_yaml_with_lines

FOLDER = Path(__file__).resolve().parent.parent / "data" / "upgrades"
MOST_PHASES = 5
Text = Annotated[str, Field(min_length=1)]
Query = Annotated[Mapping[str, str | int], Field(min_length=1)]
"""The configurator's settings of a whole build."""


class _Authored(Schema):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PathSource(_Authored):
    title: Text
    href: str
    checked_on: date
    confidence: Confidence


class Note(_Authored):
    """What is wrong or right about a phase as it was published; ``claim`` is its number in our audit."""

    claim: Annotated[str, Field(pattern=r"^C\d{3}$")]
    text: Text


class AuthoredPhase(_Authored):
    """``says`` are the author's own figures, shown as theirs; empty where there are none."""

    name: Text
    says: str = ""
    query: Query
    notes: tuple[Note, ...] = ()


class UpgradePath(_Authored):
    """``own`` is where it starts; None = from nothing."""

    slug: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    name: Text
    summary: Text
    source: PathSource
    own: Query | None = None
    phases: Annotated[tuple[AuthoredPhase, ...], Field(min_length=1, max_length=MOST_PHASES)]


@cache
def published_paths() -> dict[str, UpgradePath]:
    """Every published path by its slug, those that start from nothing first.

    Raises:
        YamlFileError: naming file and line of everything that is wrong.
    """
    return read_paths(FOLDER)


def read_paths(folder: Path) -> dict[str, UpgradePath]:
    """The paths of a folder. Raises YamlFileError."""
    found: dict[str, UpgradePath] = {}
    errors: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        file = read_yaml_with_lines(path, relative_to=folder)
        try:
            read = UpgradePath.model_validate(file.data)
        except ValidationError as wrong:
            errors += [
                file.error(each["loc"], f"{'.'.join(map(str, each['loc']))}: {each['msg']}") for each in wrong.errors()
            ]
            continue
        if read.slug != path.stem:
            errors.append(file.error(("slug",), f"slug is {read.slug!r}, but the file is called {path.stem}"))
        found[read.slug] = read
    if errors:
        raise YamlFileError(errors)
    return {path.slug: path for path in sorted(found.values(), key=lambda path: (path.own is not None, path.slug))}
