"""Prices and duty on a date. Pure: the dates are given."""

from datetime import date

from configurator.estimation.rules import sources
from configurator.estimation.rules.rule import Facts, Rule, Verdict, caution, ok, unknown
from configurator.estimation.rules.sockets import is_sxm
from configurator.estimation.types import Build, LinePrice

EXCLUSIONS_FIRST_DAY = date(2024, 6, 15)
EXCLUSIONS_LAST_DAY = date(2026, 11, 9)
COVERED = "graphics and accelerator modules of 8473.30.1180 and parts of 8473.30.5100 such as heatsinks"
STALE_AFTER_DAYS = 30


def duty_exclusions(facts: Facts) -> Verdict | None:
    market = facts.market
    if market is None:
        return unknown("Duty not looked at", "No destination and no date of entry were given.")
    if market.destination != "US":
        return None
    last_day, entry = EXCLUSIONS_LAST_DAY.isoformat(), market.entry_date.isoformat()
    if not market.excluded_parts and not is_sxm(facts.build.gpu.form_factor):
        return None  # cards are not modules, and no line here lost an exclusion
    if market.entry_date < EXCLUSIONS_FIRST_DAY:
        return unknown(
            "Duty on that day not known",
            f"Entry on {entry}: the exclusions looked at here began on {EXCLUSIONS_FIRST_DAY.isoformat()}; what held "
            "before is not known.",
        )
    if market.entry_date <= EXCLUSIONS_LAST_DAY:
        return ok(
            "Enters while the duty exclusions last",
            f"Entry on {entry}; the exclusions for {COVERED} run through {last_day}. Boards and PLX cards were never "
            "among them.",
        )
    if market.exclusions_extended:
        return ok(
            "Reckoned with extended exclusions",
            f"Entry on {entry} is after {last_day}; that the exclusions were extended is your assumption.",
        )
    if not market.excluded_parts:
        return None
    names = _names(facts.build)
    listed = _shortened([names.get(part, part) for part in market.excluded_parts])
    return caution(
        "The duty exclusions have ended",
        f"Entry on {entry}: the Section 301 exclusions for {COVERED} ran through {last_day}. Made in China, {listed} "
        "would pay 25 % again. Boards and PLX cards were never excluded. Whether the exclusions were extended is not "
        "known here.",
        "Ask a customs broker; if they were extended, switch that on in the sourcing section.",
    )


def stale_prices(facts: Facts) -> Verdict | None:
    market = facts.market
    if market is None:
        return unknown("Prices not looked at", "No prices were given.")
    names = _names(facts.build)
    missing = [line for line in market.prices if line.unit_usd is None]
    stale = [line for line in market.prices if line.unit_usd is not None and _age_days(line, market.as_of) is None]
    old = [
        (age, line)
        for line in market.prices
        if line.unit_usd is not None and (age := _age_days(line, market.as_of)) is not None and age > STALE_AFTER_DAYS
    ]
    if old or stale:
        parts = [f"{names.get(line.part, line.part)} {age} days" for age, line in sorted(old, key=lambda o: -o[0])]
        parts += [f"{names.get(line.part, line.part)} without a date" for line in stale]
        return caution(
            "Prices are old",
            f"Older than {STALE_AFTER_DAYS} days on {market.as_of.isoformat()}: {_shortened(parts)}.",
            "Enter a price you have seen today.",
        )
    if missing or not market.prices:
        listed = _shortened([names.get(line.part, line.part) for line in missing]) or "every part"
        return unknown("Prices missing", f"No price for {listed}.", "Enter a price you have seen.")
    return ok("Prices are fresh", f"Prices of {len(market.prices)} parts, none older than {STALE_AFTER_DAYS} days.")


def _age_days(line: LinePrice, as_of: date) -> int | None:
    return None if line.as_of is None else (as_of - line.as_of).days


def _names(build: Build) -> dict[str, str]:
    names = {line.part.slug: line.part.name for line in build.parts}
    names[build.gpu.slug] = build.gpu.name
    if build.carrier is not None:
        names[build.carrier.slug] = build.carrier.name
    return names


def _shortened(parts: list[str], most: int = 4) -> str:
    more = f" and {len(parts) - most} more" if len(parts) > most else ""
    return ", ".join(parts[:most]) + more


def price_too_good(facts: Facts) -> Verdict | None:
    """Half of what a part is known to cost at least is seldom a bargain."""
    quotes = [line for line in facts.market.prices if line.basis in ("quote", "offer")] if facts.market else []
    quotes = [line for line in quotes if line.unit_usd is not None]
    if not quotes:
        return None
    names = _names(facts.build)
    compared = [line for line in quotes if line.band_low_usd is not None]
    too_good = [
        f"{names.get(line.part, line.part)} at ${line.unit_usd:,.2f}, with a band from ${line.band_low_usd:,.2f} on"
        for line in compared
        if line.unit_usd is not None and line.band_low_usd is not None and 2 * line.unit_usd < line.band_low_usd
    ]
    if too_good:
        return caution(
            "A price is too good to be true",
            f"Less than half of the lowest known price: {'; '.join(too_good)}. Such offers are often for an empty "
            "carrier, a broken module, a deposit or one piece of a lot.",
            "Ask for a photo of the very item under nvidia-smi, and pay in a way that lets you get your money back.",
        )
    if not compared:
        return unknown("Are the prices plausible?", "No band is known for the parts you priced.")
    return ok("No price too good to be true", f"{len(compared)} of your prices lie above half of their band's floor.")


OFFICIAL_ADDRESSES = {"superbuy": ("superbuy.com", "superbuy.me")}


def agent_address(facts: Facts) -> Verdict | None:
    """Agents have imitators; which address is the agent's own must be said where money goes there."""
    agent = facts.market.agent if facts.market else ""
    if not agent:
        return None
    if agent not in OFFICIAL_ADDRESSES:
        return unknown(
            "Is it the agent's own address?",
            f"No imitation of {agent} is known here, which says nothing. Type the address yourself.",
        )
    own, other = OFFICIAL_ADDRESSES[agent]
    return caution(
        "Mind the agent's address",
        f"{own} is held to be the agent's own address. The guide prints {other}, and nobody has verified whose it is.",
        f"Type {own} yourself; do not follow links.",
    )


RULES = (
    Rule("price-too-good", 62, "prices of your own", sources.ARITHMETIC, price_too_good),
    Rule("agent-address", 63, "orders through an agent", sources.GENERAL_KNOWLEDGE, agent_address),
    Rule("duty-exclusions", 60, "delivery to the United States", sources.SECTION_301, duty_exclusions),
    Rule("stale-prices", 61, "every build", sources.ARITHMETIC, stale_prices),
)
