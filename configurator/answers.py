"""An estimate as the JSON of the API and the command line, and a JSON question as a choice."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from catalog.field_errors import FieldError
from catalog.hf_config import UnsupportedConfig, model_spec_from_config
from configurator.choice import InvalidChoice
from configurator.estimates import EstimateResult, estimate_choice, read_choice
from configurator.estimation.types import Finding


def answer(question: Any, *, as_of: date) -> dict[str, Any]:
    """The answer to one question of the estimate schema.

    Raises:
        InvalidChoice: naming every key that is not usable and what is allowed.
    """
    if not isinstance(question, Mapping):
        raise InvalidChoice([FieldError("", 'A question is a JSON object, such as {"model": "llama-3.3-70b"}.')])
    settings = dict(question)
    architecture = settings.pop("architecture", None)
    model = None
    if architecture is not None:
        if settings.get("model"):
            raise InvalidChoice([FieldError("architecture", "Give either model or architecture, not both.")])
        model = _pasted_model(architecture)
    return as_json(estimate_choice(read_choice(settings), as_of=as_of, model=model), pasted=model is not None)


def _pasted_model(architecture: Any) -> Any:
    if not isinstance(architecture, Mapping):
        raise InvalidChoice([FieldError("architecture", "architecture: give the keys of a config.json as an object.")])
    try:
        return model_spec_from_config(architecture)
    except UnsupportedConfig as unsupported:
        field = f"architecture.{unsupported.key}" if unsupported.key else "architecture"
        raise InvalidChoice([FieldError(field, f"{field}: {unsupported}")]) from None


def as_json(result: EstimateResult, *, pasted: bool = False) -> dict[str, Any]:
    """The published schema: units in the names, one object a part of the estimate."""
    estimate = result.estimate
    speed = asdict(estimate.speed) if estimate.speed else None
    speculation = speed.pop("speculation") if speed else None
    return {
        "memory": asdict(estimate.memory),
        "speed": speed,
        "power": asdict(estimate.power),
        "speculation": speculation,
        "offload": asdict(estimate.offload) if estimate.offload else None,
        "cost": _cost(result),
        "findings": [_finding(finding) for finding in estimate.findings],
        "query": None if pasted else result.query,  # an address cannot hold a pasted architecture
        "as_of": result.as_of.isoformat(),
        "engine_version": estimate.engine_version,
    }


def _cost(result: EstimateResult) -> dict[str, Any]:
    cost = result.cost
    return {
        "currency": cost.currency,
        "landed": {bound: str(getattr(cost.total, bound)) for bound in ("low", "mid", "high")},
        "rows": [
            {
                "key": row.key,
                "label": row.label,
                "amount": {b: str(getattr(row.amount, b)) for b in ("low", "mid", "high")} if row.amount else None,
                "formula": row.formula,
                "note": row.note,
            }
            for row in cost.rows
        ],
        "unknown": list(cost.unknown),
        "warnings": list(cost.warnings),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "severity": finding.severity,
        "title": finding.title,
        "why": finding.why,
        "fix": finding.fix.text if finding.fix else None,
        "source": {
            "title": finding.source.title,
            "href": finding.source.href,
            "checked_on": finding.source.checked_on.isoformat(),
            "confidence": str(finding.source.confidence),
        },
    }
