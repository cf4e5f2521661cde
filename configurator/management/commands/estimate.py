"""Answers estimate questions: JSON Lines in, JSON Lines out, in order."""

import io
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from configurator.answers import answer, refusal
from configurator.choice import FieldError, InvalidChoice


class Command(BaseCommand):
    help = (
        "Reads one estimate question a line (JSON) from standard input and writes one answer a line to standard "
        'output. A line that cannot be answered gets {"error": {...}} and the rest go on.'
    )

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = timezone.localdate()
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # a stray byte spoils its line only
        for line in sys.stdin:
            if not line.strip():
                continue
            try:
                result = answer(_read(line), as_of=as_of)
            except InvalidChoice as refused:
                result = refusal(refused)
            except DatabaseError as error:
                raise CommandError(f"The catalog cannot be read: {error}. Run `make setup`.", returncode=2) from error
            self.stdout.write(json.dumps(result, separators=(",", ":")))


def _read(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidChoice([FieldError("", f"This line is not JSON: {error}")]) from None
