"""A source as it is cited under a figure."""

from datetime import date

from bs4 import BeautifulSoup

from catalog.provenance import Confidence, Source
from catalog.templatetags.sources import cite


def cited(source: Source) -> BeautifulSoup:
    return BeautifulSoup(cite(source), "html.parser")


def test_a_source_with_an_address_is_a_link_that_sends_no_referrer() -> None:
    source = Source("Tariff schedule", "https://hts.usitc.gov/", date(2026, 11, 20), Confidence.OFFICIAL)
    link = cited(source).a
    assert link is not None
    assert link["href"] == "https://hts.usitc.gov/"
    assert "noreferrer" in link["rel"]


def test_a_source_says_how_sure_it_makes_us_and_when_it_was_read() -> None:
    text = cited(Source("Community guide", "", date(2026, 11, 23), Confidence.GUIDE)).get_text()
    assert text.replace("\u00a0", " ") == "Community guide guide, read 23 Nov 2026"


def test_a_source_without_an_address_is_no_link() -> None:
    assert cited(Source("Public report", "", date(2026, 11, 23), Confidence.UNVERIFIED)).a is None


def test_markup_in_a_title_stays_text() -> None:
    assert "<b>" not in cite(Source("<b>x</b>", "", date(2026, 11, 23), Confidence.MEASURED))
