"""Questions in JSON: a request's body, or the lines of standard input. One answer a question, mistakes included."""

import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.management.base import CommandError, OutputWrapper
from django.db import DatabaseError
from django.http import HttpRequest
from ninja import Schema

from catalog.field_errors import FieldError, InvalidFields, refusal

MAX_BODY_BYTES = 256 * 1024


class FieldErrorAnswer(Schema):
    field: str
    message: str


class ErrorDetail(Schema):
    message: str
    fields: list[FieldErrorAnswer]


class ErrorAnswer(Schema):
    error: ErrorDetail


ParseFloat = Callable[[str], Any]


def body_of(request: HttpRequest, parse_float: ParseFloat = float) -> Any:
    """The JSON a request brings. Raises InvalidFields where it is too long or none.

    ``parse_float`` reads numbers with a point; money takes Decimal, so that it is taken as it was written.
    """
    too_long = InvalidFields([FieldError("", f"The question is too long; at most {MAX_BODY_BYTES:,} bytes are read.")])
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY_BYTES:
        raise too_long
    try:
        body = request.body
    except RequestDataTooBig:
        raise too_long from None
    if len(body) > MAX_BODY_BYTES:
        raise too_long
    try:
        return json.loads(body, parse_float=parse_float)
    except (ValueError, RecursionError) as error:
        raise InvalidFields([FieldError("", f"The body is not JSON: {error}")]) from None


def answer_lines(
    answer: Callable[[Any], dict[str, Any]], output: OutputWrapper, parse_float: ParseFloat = float
) -> None:
    """One answer a line of standard input, in order; a line that cannot be answered gets its error and the rest go on.

    Raises CommandError where the database cannot be read.
    """
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # a stray byte spoils its line only
    for line in _without_empty_end(sys.stdin):
        try:
            result = answer(_read(line, parse_float))
        except InvalidFields as refused:
            result = refusal(refused)
        except DatabaseError as error:
            raise CommandError(f"The catalog cannot be read: {error}. Run `make setup`.", returncode=2) from error
        output.write(json.dumps(result, separators=(",", ":")))


def _without_empty_end(lines: Iterable[str]) -> Iterator[str]:
    """Every line up to the last that is not empty: an empty one between questions is a mistake, one at the end none."""
    empty: list[str] = []
    for line in lines:
        if not line.strip():
            empty.append(line)
            continue
        yield from empty
        empty.clear()
        yield line


def _read(line: str, parse_float: ParseFloat) -> Any:
    if not line.strip():
        raise InvalidFields([FieldError("", "This line is empty; write one question in JSON on each line.")])
    try:
        return json.loads(line, parse_float=parse_float)
    except (ValueError, RecursionError) as error:
        raise InvalidFields([FieldError("", f"This line is not JSON: {error}")]) from None
