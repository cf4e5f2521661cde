"""Real files of a model whose size somebody published, or the hub told, to be taken instead of the computed size."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from catalog.provenance import Source
from configurator.accuracy.measurements import SizeRow, size_rows
from configurator.estimation.quantization import FILE_TYPES, canonical_quant
from configurator.models import OwnModel

COARSEST = 0.005
"""Part of a file's size to which a published figure may be rounded; coarser ones say less than our own sum."""
_TEXT_ONLY = ("hf-gguf", "loader-tensors")  # blobs and containers may hold a tower for pictures besides


@dataclass(frozen=True, slots=True)
class KnownFile:
    """``name`` is the publisher's, such as UD-Q4_K_XL; ``quant`` what estimates take it for."""

    name: str
    quant: str
    size_bytes: int
    is_rounded: bool
    source: Source | None  # None where the hub itself was asked


@cache
def _published() -> dict[str, tuple[SizeRow, ...]]:
    found: dict[str, tuple[SizeRow, ...]] = {}
    for row in size_rows():
        if row.kind in _TEXT_ONLY and row.half_step_bytes <= COARSEST * row.measured_bytes:
            model = row.question["model"]
            found[model] = (*found.get(model, ()), row)
    return found


def known_files(model_slug: str) -> tuple[KnownFile, ...]:
    """Files of a model of the catalog, or of one somebody added, smallest first. One query for an added model."""
    own = model_slug.startswith(OwnModel.PREFIX)
    files = _of_repository(OwnModel.objects.named(model_slug)) if own else _of_catalog(model_slug)
    return tuple(sorted(files, key=lambda file: file.size_bytes))


def _of_catalog(model_slug: str) -> Iterator[KnownFile]:
    for row in _published().get(model_slug, ()):
        if quant := estimable_quant(row.question["quant"]):
            name = row.question["quant"]
            yield KnownFile(name, quant, row.measured_bytes, row.half_step_bytes > 0, row.source)


def _of_repository(row: OwnModel | None) -> Iterator[KnownFile]:
    for file in row.files if row is not None else ():
        if (quant := estimable_quant(file["quant"])) and file["size_bytes"]:
            yield KnownFile(file["quant"], quant, file["size_bytes"], False, None)


def estimable_quant(name: str) -> str | None:
    """The GGUF quantisation estimates take a name for; None where they know none."""
    try:
        quant = canonical_quant(name)
    except ValueError:
        return None
    return quant if quant in FILE_TYPES else None
