"""A decision in plain English, for mails, previews and the command line. Pure."""

from collections.abc import Mapping
from datetime import UTC
from decimal import Decimal

from sourcing.alerting.market import Market
from sourcing.alerting.types import Condition, Decision, Filters, PriceKind, Reason, Terms

_OF_KIND = {
    PriceKind.ITEM: "without shipping",
    PriceKind.SHIPPED: "with shipping",
    PriceKind.LANDED: "at your door",
}


def money(amount: Decimal, currency: str) -> str:
    return f"{amount:,.2f} {currency}"


def of_kind(kind: PriceKind) -> str:
    return _OF_KIND[kind]


def asked_for(terms: Terms, limit: Decimal | None) -> str:
    """What a price is compared with: your target of 80.00 USD at your door."""
    kind = of_kind(terms.kind)
    amount = "" if limit is None else f" ({money(limit, terms.currency)} {kind})"
    return {
        Condition.TARGET: f"your target of {money(terms.target or Decimal(0), terms.currency)} {kind}",
        Condition.FLOOR: f"the published band{amount}",
        Condition.LEVEL: f"{(terms.percent or Decimal(0)).normalize():f} % under its level of the last 30 days{amount}",
        Condition.STOCK: "in stock",
    }[terms.condition]


def in_words(decision: Decision, terms: Terms, markets: Mapping[str, Market]) -> str:
    """One or two sentences: fires or not, and because of what."""
    if decision.fires:
        return _fires(decision, terms)
    return f"No: {_silent(decision, terms, markets)}"


def _fires(decision: Decision, terms: Terms) -> str:
    find = decision.find
    price = "" if find is None or find.price is None else f" at {money(find.price, terms.currency)}"
    if terms.condition is Condition.STOCK:
        said = f"Yes: it is on offer{price}."
    else:
        whole = "the whole" if terms.whole else "a piece"
        below = "is below" if terms.condition is Condition.FLOOR else "meets"
        said = f"Yes: {whole}{price} {below} {asked_for(terms, decision.limit)}."
    if find is not None and find.suspicious:
        said += " That is suspiciously low: read the listing with care before you buy."
    return said


def _silent(decision: Decision, terms: Terms, markets: Mapping[str, Market]) -> str:
    find, asked = decision.find, asked_for(terms, decision.limit)
    price = "" if find is None or find.price is None else f" at {money(find.price, terms.currency)}"
    if decision.reason is Reason.PRICE_UNKNOWN:
        return f"the lowest offer could be within {asked}, but {_missing(decision, terms, markets)}."
    if decision.reason is Reason.ABOVE:
        return f"{_lowest(terms, markets, decision)} is above {asked}."
    if decision.reason is Reason.COOLDOWN and decision.until is not None:
        until = decision.until.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        return f"an offer{price} would do, but the last alert is too recent; the next one can go out from {until}."
    return {
        Reason.PART_GONE: _part_gone(terms),
        Reason.NO_LIMIT: _no_limit(terms),
        Reason.NOT_KNOWN: "nothing is on offer as far as is known, but a marketplace has not answered lately.",
        Reason.NOTHING_ON_OFFER: "nothing is on offer.",
        Reason.EXCLUDED: f"what is on offer does not pass your filters ({_filters(terms.filters)}).",
        Reason.NOT_ALL_ON_OFFER: "not every part is on offer in the number you need, at a price that is known.",
        Reason.NO_RATE: "there is no exchange rate for the currency of what is on offer.",
        Reason.READ_ONCE: f"an offer{price} is suspiciously low, so it must be seen a second time.",
        Reason.TOLD: "it is in stock, as you were told."
        if terms.condition is Condition.STOCK
        else f"you were told of the offer{price}, and it is not {_percent(terms)} cheaper than then.",
        Reason.NOT_FURTHER: f"an offer{price} is within {asked}, but not {_percent(terms)} below what you were told, "
        "which still holds.",
    }.get(decision.reason, decision.reason.name.lower().replace("_", " "))


def _part_gone(terms: Terms) -> str:
    has = "has" if len(terms.gone) == 1 else "have"
    said = f"{', '.join(terms.gone)} {has} left the catalog"
    return f"{said}, and the rest would be another price." if terms.lines else f"{said}."


def _percent(terms: Terms) -> str:
    return f"{terms.refire_percent.normalize():f} %"


def _no_limit(terms: Terms) -> str:
    if terms.condition is Condition.FLOOR:
        return "no price band is published for it."
    if terms.condition is Condition.LEVEL:
        return "there are too few days of prices that may be kept to say what its level is."
    return "there is no exchange rate for the currency of your target."


def _missing(decision: Decision, terms: Terms, markets: Mapping[str, Market]) -> str:
    offers = decision.find.offers if decision.find is not None else ()
    for market in markets.values():
        for offer in offers:
            if market.named(offer.key, Filters()) is None:
                continue
            if offer.shipped is None:
                return "its shipping is not told"
            if terms.kind is PriceKind.LANDED and (missing := market.door(offer).missing):
                return f"nobody knows: {', '.join(missing)}"
    return "its price is not known in full"


def _lowest(terms: Terms, markets: Mapping[str, Market], decision: Decision) -> str:
    if decision.find is not None and decision.find.price is not None:
        return f"the lowest price, {money(decision.find.price, terms.currency)},"
    if terms.whole:
        lines = [markets[part].at_least(terms.filters, terms.kind, pieces) for part, pieces in terms.lines]
        least = sum((line for line in lines if line is not None), Decimal(0))
        return f"the whole, at least {money(least, terms.currency)},"
    market = markets[terms.lines[0][0]]
    passing = market.passing(terms.filters, terms.kind)
    known = [price for offer in passing if (price := market.price(offer, terms.kind)) is not None]
    if known:
        return f"the lowest price that is known, {money(min(known), terms.currency)},"
    amounts = [amount for offer in passing if (amount := market.least(offer, terms.kind)) is not None]
    return f"the lowest offer, at least {money(min(amounts), terms.currency)}," if amounts else "every offer"


def _filters(filters: Filters) -> str:
    return ", ".join(one for one in (filters.marketplace, filters.condition, filters.country) if one)
