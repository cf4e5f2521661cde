"""A worker process that makes one poll. Run as `python -m tests.sourcing.poll_worker PART MOMENT` with the
settings in the environment; prints what it stored, as JSON."""

import json
import sys
from datetime import datetime

import django


def main(slug: str, moment: str) -> None:
    django.setup()
    from catalog.models import Part
    from sourcing import asking
    from sourcing.listing_models import Listing, Poll, PriceObservation

    now = datetime.fromisoformat(moment)
    part = Part.objects.get(slug=slug)
    poll, _ = Poll.objects.get_or_create(marketplace="demo", part=part, defaults={"due_at": now, "interval_s": 3_600})
    Poll.objects.filter(pk=poll.pk).update(due_at=now)
    answer = asking.ask(poll.pk, now)
    seen = ("listing_id", "observed_at", "price")
    told = ("external_id", "price", "shipping", "quantity", "accepted", "reason")
    sys.stdout.write(
        json.dumps(
            {
                "said": answer.said,
                "failed": answer.failed,
                "listings": sorted([str(value) for value in row] for row in Listing.objects.values_list(*told)),
                "observations": sorted(
                    [str(value) for value in row] for row in PriceObservation.objects.values_list(*seen)
                ),
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
