"""Looks into watches and their alerts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sourcing import alert_replay, alerts
from sourcing.models import Watch


class Command(BaseCommand):
    help = "alerts explain WATCH: why a watch did or did not fire."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        explain = verbs.add_parser("explain", help="replay why a watch did or did not fire")
        explain.add_argument("watch", type=int, metavar="WATCH", help="number of a watch, as the admin shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        watch = alerts.with_lines(Watch.objects.filter(pk=options["watch"])).first()
        if watch is None:
            raise CommandError(f"There is no watch {options['watch']}.")
        for line in alert_replay.explain(watch, timezone.now()):
            self.stdout.write(line)
