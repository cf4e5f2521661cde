"""The calls a day that each marketplace allows, shared by all workers: a bucket that is filled once, at midnight.

The day is eBay's, which begins at midnight Pacific time. The database counts, by conditional UPDATE. Where there is a
Redis, calls are taken from the database a handful at a time and given out from there, so that the database is written
to rarely; a Redis that forgets, or a worker that is killed, loses some of the day's calls, and never gives one out
twice.

A call counts once it is taken, whatever becomes of it. Not inside a transaction: a rollback would forget it.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache as kept
from zoneinfo import ZoneInfo

import redis
from django.conf import settings
from django.db.models import F
from django.db.models.functions import Greatest

from sourcing.marketplaces.errors import OverBudget
from sourcing.models import CallBudget

HANDFUL = 10
_DAY_OF = ZoneInfo("America/Los_Angeles")
_TWO_DAYS_S = 2 * 86_400
# Takes one call from the handful, or says that it is empty.
_TAKE_ONE = "if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then return redis.call('DECR', KEYS[1]) end return -1"


def take(name: str, per_day: int, now: datetime | None = None) -> None:
    """Take one call out of the day's budget.

    Raises:
        OverBudget: where none is left; it says how long the day still is.
        redis.RedisError: where the Redis of the settings does not answer. A call that cannot be counted is not made.
    """
    now = now or datetime.now(UTC)
    day = now.astimezone(_DAY_OF).date()
    if settings.REDIS_URL:
        taken = _take_from_handful(name, day, per_day)
    else:
        taken = _take_from_database(name, day, per_day, 1) == 1
    if not taken:
        raise OverBudget(f"The {per_day:,} calls a day to {name} are used up.", _day_left_s(now, day))


def used(name: str, now: datetime | None = None) -> int:
    """Calls of the day that are used, those in the handful included."""
    day = (now or datetime.now(UTC)).astimezone(_DAY_OF).date()
    return CallBudget.objects.filter(name=name, day=day).values_list("used", flat=True).first() or 0


def at_least_used(name: str, calls: int, now: datetime | None = None) -> None:
    """Take over the marketplace's own count, where it knows of more calls than we do."""
    day = (now or datetime.now(UTC)).astimezone(_DAY_OF).date()
    CallBudget.objects.get_or_create(name=name, day=day)
    CallBudget.objects.filter(name=name, day=day).update(used=Greatest(F("used"), calls))


def _take_from_database(name: str, day: date, per_day: int, wanted: int) -> int:
    """Takes ``wanted`` calls, or what is left of them; returns how many."""
    rows = CallBudget.objects.filter(name=name, day=day)
    if not rows.exists():
        CallBudget.objects.get_or_create(name=name, day=day)
    # Tested and written in one statement: two workers cannot both get the last call.
    while not rows.filter(used__lte=per_day - wanted).update(used=F("used") + wanted):
        if wanted == 1:
            return 0
        wanted //= 2
    return wanted


def _take_from_handful(name: str, day: date, per_day: int) -> bool:
    client = _redis(settings.REDIS_URL)
    key = f"voltaic:call-budget:{name}:{day.isoformat()}"
    if int(client.eval(_TAKE_ONE, 1, key)) >= 0:
        return True
    leased = _take_from_database(name, day, per_day, min(HANDFUL, per_day)) if per_day > 0 else 0
    if leased > 1:
        pipeline = client.pipeline(transaction=True)
        pipeline.incrby(key, leased - 1)
        pipeline.expire(key, _TWO_DAYS_S)
        pipeline.execute()
    return leased > 0


@kept
def _redis(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)


def _day_left_s(now: datetime, day: date) -> float:
    tomorrow = day + timedelta(days=1)
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=_DAY_OF)
    # By time stamps: a day on which the clocks change has not 24 hours.
    return max(midnight.timestamp() - now.timestamp(), 1.0)
