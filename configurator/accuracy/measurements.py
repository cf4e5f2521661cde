"""What others measured and published, kept in ``configurator/data/measurements``, as rows to compare estimates with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from catalog.provenance import Confidence, Source

DATA = Path(__file__).resolve().parent.parent / "data"
MEASUREMENTS = DATA / "measurements"
PLANNED_ON = "v100-sxm2-32gb"  # plans do not depend on the card; all devices are alike


@dataclass(frozen=True)
class SpeedRow:
    """One published speed. ``not_fitted`` says why the constants are not fitted to it; empty = they are."""

    id: str
    question: Mapping[str, Any]
    metric: str  # decode_tok_s, aggregate_tok_s, prefill_tok_s
    measured: float
    source: Source
    not_fitted: str = ""


@dataclass(frozen=True)
class NotAsked:
    """A published speed that the settings cannot describe, and the reason."""

    what: str
    metric: str
    measured: float
    source: Source
    reason: str


@dataclass(frozen=True)
class MemoryRow:
    """llama.cpp's plan of one question: weights, cache and compute buffer of each GPU, MiB."""

    id: str
    question: Mapping[str, Any]
    per_gpu_mib: tuple[tuple[float, float, float], ...]
    source: Source


@dataclass(frozen=True)
class SizeRow:
    """One published file size. The true one lies within ``half_step_bytes`` of it; 0 = exact. ``holds_more`` says what
    the file holds beside the language model; empty = nothing."""

    id: str
    question: Mapping[str, Any]
    measured_bytes: int
    half_step_bytes: int
    kind: str
    source: Source
    holds_more: str = ""


@dataclass(frozen=True)
class CacheRow:
    """The cache in a runtime's log, all devices together, with recurrent state, MiB. ``unlike`` says why the question
    cannot be asked as the log was made; empty = it can."""

    id: str
    question: Mapping[str, Any]
    measured_mib: float
    source: Source
    unlike: str = ""


def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((MEASUREMENTS / f"{name}.json").read_text())
    return document


def _source(entry: Mapping[str, str], read_on: str) -> Source:
    confidence = Confidence.MEASURED if entry["href"] else Confidence.UNVERIFIED
    return Source(entry["title"], entry["href"], date.fromisoformat(entry.get("read_on", read_on)), confidence)


@cache
def speed_rows() -> tuple[SpeedRow, ...]:
    """Every published speed that can be asked as a question."""
    document = _read("speed")
    return tuple(
        SpeedRow(
            id=row["id"],
            question=row["question"],
            metric=row["metric"],
            measured=float(row["measured"]),
            source=_source(document["sources"][row["source"]], document["read_on"]),
            not_fitted=row.get("not_fitted", ""),
        )
        for row in document["rows"]
    )


@cache
def not_asked() -> tuple[NotAsked, ...]:
    """Every published speed that was collected and cannot be asked, by reason in the order of the file."""
    document = _read("speed")
    order = list(document["reasons"])
    return tuple(
        NotAsked(
            what=row["what"],
            metric=row["metric"],
            measured=float(row["measured"]),
            source=_source(document["sources"][row["source"]], document["read_on"]),
            reason=document["reasons"][row["reason"]],
        )
        for row in sorted(document["left_out"], key=lambda row: order.index(row["reason"]))
    )


@cache
def memory_rows() -> tuple[MemoryRow, ...]:
    """Every plan of llama.cpp."""
    document = _read("memory_plans")
    title = {"title": "llama.cpp, llama-fit-params", "href": "https://github.com/ggml-org/llama.cpp"}
    source = _source(title, document["read_on"])
    names = ("model", "quant", "gpu_count", "context_tokens", "kv_dtype", "ubatch", "flash_attention")
    return tuple(
        MemoryRow(
            id="-".join(str(part) for part in row[: len(names)]),
            question={"gpu": PLANNED_ON, **dict(zip(names, row, strict=False))},
            per_gpu_mib=tuple((weights, cache_, compute) for weights, cache_, compute in row[len(names)]),
            source=source,
        )
        for row in document["rows"]
    )


@cache
def size_rows() -> tuple[SizeRow, ...]:
    """Every published size of a file."""
    document = _read("file_sizes")
    return tuple(
        SizeRow(
            id=f"{model}-{quant}-{number}",
            question={"gpu": PLANNED_ON, "model": model, "quant": quant},
            measured_bytes=size,
            half_step_bytes=half_step,
            kind=kind,
            source=_source(document["sources"][source], document["read_on"]),
            holds_more="".join(holds_more),
        )
        for number, (model, quant, size, half_step, source, kind, *holds_more) in enumerate(document["rows"], 1)
    )


@cache
def kv_rows() -> tuple[CacheRow, ...]:
    """Every cache size out of a log."""
    document = _read("kv_logs")
    return tuple(
        CacheRow(
            id=f"{row['question']['model']}-{row['question']['context_tokens']}-{number}",
            question={"gpu": PLANNED_ON, **row["question"]},
            measured_mib=row["cache_mib"] + row["state_mib"],
            source=_source(document["sources"][row["source"]], document["read_on"]),
            unlike=row.get("unlike", ""),
        )
        for number, row in enumerate(document["rows"], 1)
    )
