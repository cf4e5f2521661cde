"""What is wrong with a question, field by field: one form for page, API and command line. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LONGEST_SHOWN = 40  # characters of what somebody sent that an error repeats


@dataclass(frozen=True, slots=True)
class FieldError:
    """One setting that cannot be used, and a sentence: what is wrong and what is allowed."""

    field: str
    message: str


class InvalidFields(ValueError):
    """One or more settings are not usable; ``errors`` names each and says what is allowed."""

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__(" ".join(error.message for error in self.errors))


def shortened(value: object) -> str:
    """What somebody sent, short enough to repeat."""
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."


def refusal(refused: InvalidFields) -> dict[str, Any]:
    """The body of a 422 answer, and of an error line of a command."""
    return {
        "error": {
            "message": str(refused),
            "fields": [{"field": error.field, "message": error.message} for error in refused.errors],
        }
    }
