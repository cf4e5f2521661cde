"""Says what listings sell: JSON Lines in, JSON Lines out, in order."""

from typing import Any

from django.core.management.base import BaseCommand

from catalog.json_questions import answer_lines
from sourcing.classify_answers import answer


class Command(BaseCommand):
    help = (
        "Reads one listing a line (JSON: marketplace, title, condition_id, item_group_type, price, currency) from "
        "standard input and writes what it sells: part, quantity, accept, reason, unit_price, evidence, confidence. "
        'A line that cannot be answered gets {"error": {...}} and the rest go on.'
    )

    def handle(self, *args: Any, **options: Any) -> None:
        answer_lines(answer, self.stdout)
