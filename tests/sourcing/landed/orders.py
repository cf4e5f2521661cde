"""Orders for tests, from cases as data and from Hypothesis."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from catalog.provenance import Confidence, Source
from sourcing import measures
from sourcing.landed.agents import OwnFigures
from sourcing.landed.cost import Order
from sourcing.landed.currency import Rate, Rates
from sourcing.landed.freight import Freight
from sourcing.landed.types import Destination, Money, PricedLine

RATES_OF = date(2026, 10, 30)
SOURCE = Source("A rate for a test", "", RATES_OF, Confidence.UNVERIFIED)


def money(amounts: list[str] | None) -> Money | None:
    return None if amounts is None else Money(*(Decimal(amount) for amount in amounts))


def rates(dollars: dict[str, str]) -> Rates:
    return Rates({code: Rate(code, Decimal(usd), RATES_OF, SOURCE) for code, usd in dollars.items()})


def line(given: dict[str, Any]) -> PricedLine:
    decimals = {key: Decimal(given[key]) if key in given else None for key in ("weight_kg", "metal_percent")}
    return PricedLine(
        part=given["part"],
        name=given["name"],
        quantity=given["quantity"],
        unit=money(given["unit"]),
        basis="band",
        as_of=date(2026, 3, 1),
        hts=given["hts"],
        origin=given["origin"],
        weight_kg=decimals["weight_kg"],
        source=None,
        imported=given.get("imported", True),
        metal_percent=decimals["metal_percent"],
    )


def order(case: dict[str, Any]) -> Order:
    freight = case["freight"]
    return Order(
        lines=tuple(line(one) for one in case["lines"]),
        destination=Destination(case["country"], case["region"]),
        entry_date=date.fromisoformat(case["entry_date"]),
        freight=Freight(
            measures.measures().freight_lines[freight["mode"]],
            Decimal(freight["quote"]) if freight["quote"] else None,
            Decimal(freight["divisor"]) if freight["divisor"] else None,
        ),
        rates=rates(case["fx"]),
        agent=measures.agents().offered[case["agent"]] if case["agent"] else None,
        own=OwnFigures(**{name: Decimal(amount) for name, amount in case["own"].items()}),
        entry=case["entry"],
        exclusions_extended=case["exclusions_extended"],
    )


cent_amounts = st.integers(0, 3_000_000).map(lambda cents: Decimal(cents) / 100)
units = st.none() | st.tuples(cent_amounts, cent_amounts, cent_amounts).map(lambda three: Money(*sorted(three)))
weights = st.none() | st.integers(1, 60_000).map(lambda grams: Decimal(grams) / 1000)
lines = st.builds(
    PricedLine,
    part=st.sampled_from(["v100-sxm2-16gb", "quad-board-taq-sxm2-4p5a5", "cable"]),
    name=st.sampled_from(["V100", "Board", "Cable"]),
    quantity=st.integers(1, 20),
    unit=units,
    basis=st.just("band"),
    as_of=st.none(),
    hts=st.sampled_from([None, "8473.30.1180", "8473.30.5100", "8544.42.9090", "8471.50.0150", "8504.40", "9999.99"]),
    origin=st.sampled_from([None, "CN", "HK", "TW", "MX", "US"]),
    weight_kg=weights,
    source=st.none(),
    imported=st.booleans(),
    metal_percent=st.none() | st.integers(0, 100).map(Decimal),
)
own_figures = st.builds(
    OwnFigures,
    domestic_freight_usd=st.none() | cent_amounts,
    insurance_usd=st.none() | cent_amounts,
    brokerage_usd=st.none() | cent_amounts,
    payment_rate=st.none() | st.integers(0, 50).map(lambda percent: Decimal(percent) / 100),
)
orders = st.builds(
    Order,
    lines=st.lists(lines, max_size=4).map(tuple),
    destination=st.sampled_from(["US", "GB", "DE", "AU", "JP"]).map(Destination)
    | st.sampled_from(["OR", "CA", "WY", ""]).map(lambda region: Destination("US", region))
    | st.sampled_from(["ON", "QC", ""]).map(lambda region: Destination("CA", region)),
    entry_date=st.dates(date(2014, 1, 1), date(2029, 12, 31)),
    freight=st.builds(
        Freight,
        st.sampled_from(list(measures.measures().freight_lines.values())),
        st.none() | cent_amounts,
        st.none() | st.integers(1000, 20_000).map(Decimal),
    ),
    rates=st.just(rates({"CNY": "0.15", "GBP": "1.25", "EUR": "1.1", "CAD": "0.72", "AUD": "0.65"})),
    agent=st.none() | st.sampled_from(list(measures.agents().offered.values())),
    own=own_figures,
    entry=st.sampled_from([None, "formal"]),
    insured=st.booleans(),
    exclusions_extended=st.booleans(),
)
