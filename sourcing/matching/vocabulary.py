"""The words of listings as one lexicon."""

from functools import cache

from sourcing.matching.lexicon import Lexicon, make_lexicon
from sourcing.matching.words import amounts, gpus, roles, states, things

TABLES = (
    gpus.GPUS,
    things.CATALOGUE,
    things.OTHERS,
    things.ACCESSORIES,
    roles.ROLES,
    states.STATES,
    amounts.AMOUNTS,
)


@cache
def vocabulary() -> Lexicon:
    return make_lexicon(*TABLES)
