"""A build as JSON: the question in the schema of ``/api/v1/estimate``, and the answer to it."""

import json
from typing import Any

from configurator.answers import as_json
from configurator.estimates import BuildLine
from configurator.exports.passed_on import PassedOn


def json_document(build: PassedOn) -> str:
    """The document. Its ``question`` may be asked of the API as it stands, or brought back on the import page."""
    document = {
        "title": build.title,
        "address": build.address,
        "saved_at": build.saved_at or None,
        "question": build.result.choice.to_question(),
        "parts": [_part(build, line) for line in build.result.lines],
        "answer": as_json(build.result),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _part(build: PassedOn, line: BuildLine) -> dict[str, Any]:
    priced = line.priced
    unit = priced.unit
    return {
        "slot": line.slot,
        "part": priced.part,
        "name": priced.name,
        "quantity": line.count,
        "owned": line.owned,
        "unit_usd": {bound: str(getattr(unit, bound)) for bound in ("low", "mid", "high")} if unit else None,
        "price_from": build.price_from(line),
        "price_day": priced.as_of.isoformat() if priced.as_of else None,
    }
