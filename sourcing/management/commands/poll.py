"""Asks marketplaces now, without waiting for the clock."""

import sys
from argparse import ArgumentParser
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from catalog.models import Part
from catalog.snapshot import UnknownSlug
from sourcing import alerts, asking, rollups
from sourcing.marketplaces import MARKETPLACES, searchable, why_not


class Command(BaseCommand):
    help = "Asks marketplaces for parts now, and stores what they offer. Without a part, for all of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("parts", nargs="*", metavar="PART", help="slug of a part, for example v100-sxm2-16gb")
        parser.add_argument("--marketplace", choices=sorted(MARKETPLACES), help="only this one")

    def handle(self, *args: Any, **options: Any) -> None:
        marketplaces = _marketplaces(options["marketplace"])
        slugs = list(options["parts"])
        known = list(Part.objects.values_list("slug", flat=True))
        for slug in slugs:
            if slug not in known:
                raise CommandError(str(UnknownSlug("part", slug, known)))
        polls = asking.polls_of(slugs, marketplaces, timezone.now())
        if not polls:
            raise CommandError("Nothing to ask for: the catalog has no search words for these parts.")
        failed = 0
        with tqdm(polls, unit="part", file=sys.stderr, disable=None if len(polls) > 1 else True) as bar:
            for poll in bar:
                bar.set_description(poll.part.slug)
                answer = asking.ask(poll.pk, timezone.now())
                failed += answer.failed
                for part_id in answer.parts:
                    rollups.refresh(part_id, answer.day)
                for part_id in answer.looked_at:
                    alerts.check(part_id, timezone.now())  # the worker sends what fires, within a minute
                bar.write(f"{poll.marketplace} {poll.part.slug}: {answer.said}", file=cast(TextIO, self.stdout))
        if failed:
            raise CommandError(f"{failed} of {len(polls)} were not read; nothing that is stored has changed for them.")


def _marketplaces(asked: str | None) -> tuple[str, ...]:
    if asked and why_not(asked):
        raise CommandError(why_not(asked))
    marketplaces = (asked,) if asked else searchable()
    if not marketplaces:
        raise CommandError("No marketplace is set up. .env.example says how; `make demo` needs none.")
    return marketplaces
