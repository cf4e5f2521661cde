"""Watches and a catalog that changes under them: a part that leaves it takes its watches' say, and gives it back."""

from django.db.models import F, OuterRef, Subquery

from catalog.load import Counts
from catalog.models import Part
from sourcing.watch_models import Watch, WatchLine


def reconnect() -> Counts:
    """Tie lines of watches to the parts of their slug that are in the catalog again, as part of ``load_catalog``, and
    call them as it does. Watches whose part is back are looked at anew. Running it again changes nothing."""
    back = WatchLine.objects.filter(part=None, slug__in=Part.objects.values("slug"))
    watches = set(back.values_list("watch_id", flat=True))
    found = Part.objects.filter(slug=OuterRef("slug"))
    lines = back.update(part=Subquery(found.values("pk")[:1])) if watches else 0
    Watch.objects.filter(pk__in=watches).update(checked_at=None)
    renamed = WatchLine.objects.filter(part__isnull=False).exclude(name=F("part__name"))
    lines += renamed.update(name=Subquery(found.values("name")[:1]))
    return Counts(updated=lines)
