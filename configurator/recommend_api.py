"""JSON: the same recommendations as the start page and the command line."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status

from catalog.field_errors import InvalidFields, refusal
from catalog.json_questions import ErrorAnswer, body_of
from configurator.api import RangeAnswer
from configurator.estimation.quantization import QUANTS
from configurator.estimation.runtimes import RUNTIMES
from configurator.fields import FREIGHT_MODES, KV_DTYPES
from configurator.goals import MOST_BUILDS, MOST_MODELS, USUAL_BUILDS
from configurator.recommend_answers import answer

router = Router(tags=["recommend"])


class AlsoAnswer(Schema):
    """Another model that was asked for, on the same machine."""

    model: str
    query: str
    quant: str


class BuildAnswer(Schema):
    """One build. ``query`` is the configurator's address; ``not_in_total`` names what the total leaves out."""

    query: str
    title: str
    landed_usd: RangeAnswer
    not_in_total: list[str]
    decode_tok_s: RangeAnswer | None
    prefill_tok_s: RangeAnswer | None
    wall_w: float
    quant: str
    bits_per_weight: float
    runtime: str
    split: str
    circuit: str
    power_limit_w: int | None
    model: str
    also: list[AlsoAnswer]
    marks: list[str]
    worst: str
    why: str


class RejectedAnswer(Schema):
    title: str
    why: str


class RelaxAnswer(Schema):
    wish: str
    to: str
    gives: str


class RecommendAnswer(Schema):
    """``candidates`` were worked out or ruled out by a bound. ``nearest`` and ``relax`` are filled where nothing meets
    every wish."""

    candidates: int
    machines: int
    elapsed_ms: float
    builds: list[BuildAnswer]
    rejected: list[RejectedAnswer]
    rejected_machines: int
    nearest: list[BuildAnswer]
    relax: list[RelaxAnswer]


def _whole(description: str, low: int, high: int, **more: Any) -> dict[str, Any]:
    return {"type": "integer", "minimum": low, "maximum": high, "description": description, **more}


def _list_of(description: str, words: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": list(words)}, "description": description}


def _number(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "number", "minimum": 0, "description": description, **more}


QUESTION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "model": {"type": "string", "description": "A model of the catalog."},
        "models": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "maxItems": MOST_MODELS,
            "description": "Instead of model: several, each of which the machine must run, one at a time.",
        },
        "context_tokens": _whole("Cache set aside for each stream.", 1, 16_777_216, default=8192),
        "depth_tokens": _whole("Tokens already in the cache when speed is asked.", 0, 16_777_216, default=0),
        "prompt_tokens": _whole("For the speed of reading prompts.", 1, 16_777_216, default=2048),
        "streams": _whole("Conversations at once.", 1, 1024, default=1),
        "min_decode_tok_s": _number("Tokens a second that each stream must get, in the middle of the estimate."),
        "min_prefill_tok_s": _number("Tokens a second at which a prompt must be read."),
        "max_landed_usd": _number("Budget at the door, against the middle of the estimate."),
        "destination": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"country": {"type": "string"}, "region": {"type": "string"}},
            "description": "Where it goes; US where left out.",
        },
        "circuit": {"type": "string", "description": "A circuit of the catalog; left out: any of the country's."},
        "circuit_count": _whole("How many such circuits share the load.", 1, 64, default=1),
        "quants": _list_of("Quantisations that may be used; left out: four bits and more.", QUANTS),
        "runtimes": _list_of("Runtimes that may be used.", RUNTIMES),
        "kv_dtypes": _list_of("Types of the cache, the first that fits.", KV_DTYPES),
        "quiet": {"type": "boolean", "description": "Without servers, whose fans are loud."},
        "owned": {
            "type": "object",
            "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 128},
            "description": "Parts that are there already, and how many.",
        },
        "agent": {"type": "string", "description": "Who buys and ships in China."},
        "freight_mode": {"type": "string", "enum": list(FREIGHT_MODES)},
        "exclusions_extended": {"type": "boolean"},
        "electricity_usd_per_kwh": _number("For the running cost.", maximum=10),
        "hours_per_day": _number("For the running cost.", maximum=24),
        "entry_date": {"type": "string", "format": "date", "description": "Duty is that of this day; today."},
        "limit": _whole("How many builds.", 1, MOST_BUILDS, default=USUAL_BUILDS),
    },
    "example": {
        "model": "llama-3.3-70b",
        "quants": ["Q4_K_M"],
        "context_tokens": 32768,
        "min_decode_tok_s": 20,
        "max_landed_usd": 2000,
        "destination": {"country": "US"},
        "circuit": "us-120v-15a",
    },
}


@router.post(
    "/recommend",
    response={200: RecommendAnswer, 422: ErrorAnswer},
    summary="Which builds run a model within budget, speed and circuit, and why the others do not",
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": QUESTION_SCHEMA}}}},
)
def recommend(request: HttpRequest) -> Status[dict[str, Any]]:
    """Reads the body itself, so that every key is checked by the reader that page and command line use."""
    try:
        return Status(200, answer(body_of(request, parse_float=Decimal), as_of=timezone.localdate()))
    except InvalidFields as refused:
        return Status(422, refusal(refused))
