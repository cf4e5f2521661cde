"""Gives the demo marketplace a past, so that its charts are not empty on the first day."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sourcing import demo_past
from sourcing.marketplaces import NotConfigured


class Command(BaseCommand):
    help = "Stores simulated days of the demo marketplace before today's, unless it has offers already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        possible = range(1, demo_past.MOST_DAYS + 1)
        told = f"how many, 1 to {demo_past.MOST_DAYS}; {demo_past.DAYS} unless told"
        parser.add_argument("--days", type=int, default=demo_past.DAYS, choices=possible, metavar="N", help=told)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            past = demo_past.store(timezone.now(), options["days"])
        except NotConfigured as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"{past.days} simulated days stored, {past.observations} prices.")
