"""When a watch fires, and why it does or does not. Pure: no Django, no clock, no I/O, no database.

``decide`` is the one function behind evaluation, preview, the replay of ``manage.py alerts explain`` and the tests.
"""

from sourcing.alerting.decide import decide, judge
from sourcing.alerting.market import Market
from sourcing.alerting.types import (
    Condition,
    Decision,
    Door,
    Filters,
    Find,
    Memory,
    Offer,
    PriceKind,
    Reason,
    State,
    Terms,
    condition_group,
)
from sourcing.alerting.words import in_words, money

__all__ = [
    "Condition",
    "Decision",
    "Door",
    "Filters",
    "Find",
    "Market",
    "Memory",
    "Offer",
    "PriceKind",
    "Reason",
    "State",
    "Terms",
    "condition_group",
    "decide",
    "in_words",
    "judge",
    "money",
]
