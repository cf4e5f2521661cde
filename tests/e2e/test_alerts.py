"""An alert as a person gets one: asked for on a part's page, confirmed by mail, told when the price falls, stopped."""

import dataclasses
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO

import pytest
from playwright.sync_api import Page, expect

from sourcing.demo.server import Market, running
from sourcing.demo.state import State
from tests.e2e.conftest import serving
from tests.prepared import ROOT, environment

pytestmark = pytest.mark.e2e

PART = "v100-sxm2-32gb"
# Hands out a poll for every line it reads: starting a process for each takes longer than the poll.
POLLS = f"""
import sys, django; django.setup()
from django.utils import timezone
from sourcing import asking, tasks
for line in sys.stdin:
    for poll in asking.polls_of(["{PART}"], ("demo",), timezone.now()):
        tasks.poll.delay(poll.pk)
"""


class Sale(Market):
    """A marketplace that can lower all of its prices."""

    factor = Decimal(1)

    def state(self) -> State:
        today = super().state()
        cheaper = tuple(
            dataclasses.replace(one, price=(one.price * self.factor).quantize(Decimal("0.01")))
            for one in today.listings
        )
        return dataclasses.replace(today, listings=cheaper)


class Running:
    """The server's address, its marketplace, and a way to have the part polled by the worker."""

    def __init__(self, address: str, market: Sale, polls: IO[str]) -> None:
        self.address, self.market, self.polls = address, market, polls

    def poll(self) -> None:
        self.polls.write("again\n")
        self.polls.flush()


@pytest.fixture(scope="module")
def product(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Voltaic with a worker, on a marketplace where nothing moves until a test says so. Mails go to the folder."""
    folder = tmp_path_factory.mktemp("alerts") / "data"
    shutil.copytree(prepared, folder)
    market = Sale()
    market.set_to = market.now()
    with running(market) as demo_url:
        asked = environment(folder) | {"DEMO_MARKETPLACE_URL": demo_url, "VOLTAIC_MAIL_FROM": "Voltaic <v@example.org>"}
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "project", "--quiet", "worker", "--pool", "threads",
             "--concurrency", "1", "--loglevel", "ERROR"],
            cwd=ROOT, env=asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        polls = subprocess.Popen([sys.executable, "-c", POLLS], cwd=ROOT, env=asked, stdin=subprocess.PIPE, text=True)
        assert polls.stdin is not None
        try:
            with serving(asked) as address:
                yield Running(address, market, polls.stdin)
        finally:
            polls.stdin.close()
            polls.wait(timeout=20)
            worker.terminate()
            worker.wait(timeout=20)


@pytest.fixture(scope="module")
def server(product: Running) -> str:
    return product.address


def lowest(page: Page) -> Decimal:
    """The lowest price of a piece, as the part's page shows it; a bid is none."""
    rows = page.locator("#part-offers tbody tr").filter(has_not_text="A bid so far")
    cells = rows.locator("td[data-label='One piece']").all_inner_texts()
    return min(Decimal(found[1].replace(",", "")) for text in cells if (found := re.search(r"\$([\d,.]*\d)", text)))


def wait_for_mail(page: Page, subject: str) -> None:
    """Opens the folder's page until a mail with this subject is there."""
    for _ in range(60):
        page.goto("/dev/mail/")
        if page.get_by_role("heading", name=re.compile(subject)).count():
            return
        page.wait_for_timeout(150)
    pytest.fail(f"No mail “{subject}” came.")


def link(page: Page, kind: str) -> str:
    """The newest link of a kind in the mails, on this server's address."""
    found = page.locator(f"a[href*='/watch/{kind}/']").first.get_attribute("href") or ""
    return re.sub(r"^https?://[^/]+", "", found)


def reads_well_on_a_phone(page: Page) -> bool:
    """Whether the HTML of the newest mail, drawn as a mail program draws it, needs no scrolling aside."""
    source = page.locator("article.kept-mail pre").first.text_content() or ""
    drawn = page.context.new_page()
    drawn.set_viewport_size({"width": 390, "height": 844})
    drawn.set_content(source[source.index("<!DOCTYPE") :])
    fits: bool = drawn.evaluate("document.documentElement.scrollWidth <= 390")
    drawn.close()
    return fits


def test_a_price_falls_and_one_mail_comes_with_a_link_that_stops_it(page: Page, product: Running) -> None:
    product.poll()
    prices = f"/parts/{PART}/prices/"
    for _ in range(50):
        page.goto(prices)
        if page.locator("#part-offers tbody tr").count():
            break
        page.wait_for_timeout(200)
    target = (lowest(page) * Decimal("0.8")).quantize(Decimal(1))

    page.get_by_role("link", name="Watch its price").click()
    page.get_by_label("Target").fill(str(target))
    page.get_by_label("Which price").select_option("item")
    expect(page.locator("#would")).to_contain_text("No:")
    page.get_by_label("Your e-mail address").fill("ann@example.org")
    page.get_by_role("button", name="Watch it").click()
    expect(page.get_by_role("heading", name="Look at your mails")).to_be_visible()

    wait_for_mail(page, "Confirm your watch")
    page.goto(link(page, "confirm"))
    page.get_by_role("button", name="Yes, watch it").click()
    expect(page.get_by_role("heading", name="Confirmed")).to_be_visible()

    product.market.factor = Decimal("0.6")
    product.poll()
    wait_for_mail(page, "NVIDIA Tesla V100 SXM2 32 GB at")
    assert page.locator("article.kept-mail").count() == 2
    expect(page.locator("article.kept-mail").first).to_contain_text("meets your target")
    expect(page.locator("article.kept-mail pre").first).to_contain_text("List-Unsubscribe=One-Click")
    assert reads_well_on_a_phone(page)

    page.goto(link(page, "manage"))
    expect(page.locator(".watch-list")).to_contain_text("It has told you")
    page.goto("/dev/mail/")
    stop = link(page, "unsubscribe")
    # As a mail program does it: no page, no cookie, no token.
    asked = urllib.request.Request(  # noqa: S310
        f"{product.address}{stop}", data=b"List-Unsubscribe=One-Click", method="POST"
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
        assert answer.status == 200
    page.goto(link_of_manage := link(page, "manage"))
    expect(page.locator(".watch-list")).to_contain_text("Paused.")

    product.market.factor = Decimal("0.4")
    product.poll()
    page.wait_for_timeout(500)
    page.goto("/dev/mail/")
    assert page.locator("article.kept-mail").count() == 2, "a watch that was stopped tells nothing"

    page.goto(link_of_manage)
    page.get_by_text("Delete everything of mine").click()
    page.get_by_role("button", name="Yes, delete everything").click()
    expect(page.get_by_role("status")).to_contain_text("Everything of yours is deleted")


def test_the_form_and_the_mails_fit_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for path in (f"/watch/new/?part={PART}", "/watch/link/", "/dev/mail/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
