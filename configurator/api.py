"""JSON: the same estimate as the page and the command line."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status

from catalog.field_errors import InvalidFields, refusal
from catalog.json_questions import ErrorAnswer, body_of
from configurator.answers import answer
from configurator.fields import FIELDS, Field

router = Router(tags=["estimate"])


class RangeAnswer(Schema):
    low: float
    mid: float
    high: float


class GpuMemoryAnswer(Schema):
    weights_mib: float
    kv_mib: float
    compute_mib: float
    runtime_mib: float
    total_mib: float
    capacity_mib: float
    fits: bool


class MemoryAnswer(Schema):
    fits: bool
    weights_bytes_total: int
    host_mib: float
    max_context_tokens: int | None
    per_gpu: list[GpuMemoryAnswer]


class DecodeMsAnswer(Schema):
    weights: float
    kv: float
    launch: float
    all_reduce: float
    hops: float
    host: float


class SpeedAnswer(Schema):
    decode_tok_s: RangeAnswer
    aggregate_tok_s: RangeAnswer
    prefill_tok_s: RangeAnswer
    ttft_s: RangeAnswer
    bound_by: str
    decode_ms: DecodeMsAnswer
    basis: str


class SpeculationAnswer(Schema):
    """Drafting with the model's own MTP layers; ``speed`` is then that of drafting."""

    tokens: int
    acceptance: RangeAnswer
    tokens_per_step: float
    plain_decode_tok_s: RangeAnswer


class OffloadAnswer(Schema):
    """What lies in host RAM. ``assumed``: nobody asked, but only with it the model fits; ``speed`` is with it."""

    expert_layers_in_ram: int
    gpu_layers: int | None
    host_mib: float
    host_gb_s: float
    host_gb_s_known: bool
    assumed: bool


class CircuitAnswer(Schema):
    slug: str
    name: str
    count: int
    voltage_v: int
    breaker_a: float
    continuous_w: float
    load_percent: float
    load_percent_unlimited: float
    amps: float
    circuits_needed: int
    fits: bool
    fits_unlimited: bool


class PowerAnswer(Schema):
    gpu_w: float
    host_w: float
    psu_loss_w: float
    wall_w: float
    wall_w_unlimited: float
    decode_wall_w: float
    idle_w: float
    circuit: CircuitAnswer
    usd_per_month: float
    usd_per_million_tokens: float | None
    btu_per_hour: float


class CostRowAnswer(Schema):
    key: str
    label: str
    amount: dict[str, str] | None
    formula: str
    note: str


class CostAnswer(Schema):
    currency: str
    landed: dict[str, str]
    rows: list[CostRowAnswer]
    unknown: list[str]
    warnings: list[str]


class SourceAnswer(Schema):
    title: str
    href: str
    checked_on: str
    confidence: str


class FindingAnswer(Schema):
    id: str
    severity: str
    title: str
    why: str
    fix: str | None
    source: SourceAnswer


class EstimateAnswer(Schema):
    memory: MemoryAnswer
    speed: SpeedAnswer | None
    speculation: SpeculationAnswer | None
    offload: OffloadAnswer | None
    power: PowerAnswer
    cost: CostAnswer
    findings: list[FindingAnswer]
    query: str | None
    as_of: str
    engine_version: str


def _property(field: Field) -> dict[str, Any]:
    """One setting as JSON schema, from the same table that checks it."""
    kinds = {"int": "integer", "number": "number", "flag": "boolean"}
    schema: dict[str, Any] = {"type": kinds.get(field.kind, "string"), "description": field.help or field.label}
    if field.kind == "option":
        schema["enum"] = list(field.options)
    if field.kind in ("int", "number"):
        schema |= {"minimum": field.minimum, "maximum": field.maximum}
    if field.kind == "date":
        schema["format"] = "date"
    if field.default is not None:
        schema["default"] = field.default
    return schema


QUESTION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **{field.name: _property(field) for field in FIELDS},
        "architecture": {"type": "object", "description": "Instead of model: the keys of a Hugging Face config.json."},
    },
    "example": {
        "model": "llama-3.3-70b",
        "quant": "Q4_K_M",
        "gpu": "v100-sxm2-16gb",
        "gpu_count": 4,
        "carrier": "quad-board-taq-sxm2-4p5a5",
        "context_tokens": 8192,
    },
}


@router.post(
    "/estimate",
    response={200: EstimateAnswer, 422: ErrorAnswer},
    summary="Does it fit, how fast, what does it draw, what does it cost, what is wrong with it",
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": QUESTION_SCHEMA}}}},
)
def estimate(request: HttpRequest) -> Status[dict[str, Any]]:
    """Reads the body itself, so that every setting is checked by the table that page and command line use."""
    try:
        return Status(200, answer(body_of(request), as_of=timezone.localdate()))
    except InvalidFields as refused:
        return Status(422, refusal(refused))
