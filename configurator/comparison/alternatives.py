"""What builds are compared with, and what the guide says of it, read once from ``configurator/data/comparison``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from catalog.yaml_lines import YamlFile, read_yaml_with_lines
from configurator.estimation.quantization import SAFETENSORS_QUANTS
from sourcing.yaml_fields import Fields

DATA = Path(__file__).resolve().parent.parent / "data" / "comparison"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A machine as people set it up; ``rented`` means that its GPUs are paid by the hour and nothing is bought."""

    id: str
    name: str
    note: str
    settings: Mapping[str, Any]
    rented: bool
    checkpoint_runtime: str  # for quantisations that are no GGUF file

    def settings_for(self, quant: str) -> dict[str, Any]:
        """Its settings with the software that reads such files."""
        runtime = self.checkpoint_runtime if quant in SAFETENSORS_QUANTS else "llama.cpp"
        return {**self.settings, "runtime": runtime}


@dataclass(frozen=True, slots=True)
class Alternatives:
    by_id: Mapping[str, Alternative]
    first_shown: tuple[str, ...]  # beside a build that comes alone


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """Where a claim of the audit belongs: the cell of its figure; empty where that is none of the table's."""

    number: str
    column: str
    row: str


@dataclass(frozen=True, slots=True)
class GuideComparison:
    """The guide's own comparison: its build (a preset's slug), what it stands beside, and the workload."""

    preset: str
    machine: tuple[str, int, str]  # GPU, how many, board: what its claims about its build are about
    alternatives: tuple[str, ...]
    workload: Mapping[str, Any]
    claims: tuple[ClaimPlace, ...]

    def is_asked(self, workload: Mapping[str, Any]) -> bool:
        """Whether the guide's figures are about this workload."""
        return all(workload.get(name) == value for name, value in self.workload.items())


@cache
def alternatives() -> Alternatives:
    """Raises ValueError naming file and line where the file cannot be used."""
    fields = _fields("alternatives.yaml")
    found = [_alternative(row) for row in fields.rows("alternatives")]
    first = fields.texts("first_shown")
    _refuse_errors(fields)
    return Alternatives({each.id: each for each in found}, first)


@cache
def guide_comparison() -> GuideComparison:
    """Raises ValueError naming file and line where the file cannot be used."""
    fields = _fields("guide_section_14.yaml")
    claims = tuple(
        ClaimPlace(row.text("claim"), row.text("column", ""), row.text("row", "")) for row in fields.rows("claims")
    )
    gpu, count, board = fields.raw("machine")
    found = GuideComparison(
        preset=fields.text("preset"),
        machine=(gpu, count, board),
        alternatives=fields.texts("alternatives"),
        workload=fields.raw("workload"),
        claims=claims,
    )
    _refuse_errors(fields)
    return found


def _alternative(row: Fields) -> Alternative:
    return Alternative(
        id=row.text("id"),
        name=row.text("name"),
        note=row.text("note"),
        settings=row.raw("settings"),
        rented=row.flag("rented", False),
        checkpoint_runtime=row.text("checkpoint_runtime", "vllm"),
    )


def _fields(name: str) -> Fields:
    file: YamlFile = read_yaml_with_lines(DATA / name, relative_to=DATA)
    return Fields(file)


def _refuse_errors(fields: Fields) -> None:
    if errors := fields.finish():
        raise ValueError("\n".join(errors))
