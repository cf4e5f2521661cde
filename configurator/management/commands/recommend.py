"""Answers recommend questions: JSON Lines in, JSON Lines out, in order."""

from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from catalog.json_questions import answer_lines
from configurator.recommend_answers import answer


class Command(BaseCommand):
    help = (
        "Reads one recommend question a line (JSON) from standard input and writes one answer a line to standard "
        'output. A line that cannot be answered gets {"error": {...}} and the rest go on.'
    )

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = timezone.localdate()
        answer_lines(lambda question: answer(question, as_of=as_of), self.stdout, parse_float=Decimal)
