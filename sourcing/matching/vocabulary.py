"""The words of listings as one lexicon."""

from functools import cache

from sourcing.matching.lexicon import Lexicon, make_lexicon
from sourcing.matching.words import amounts, doubts, faults, gpus, harms, offers, passing, roles, things
from sourcing.matching.words.stems import STEMS

TABLES = (
    gpus.GPUS,
    things.CATALOGUE,
    things.OTHERS,
    things.ACCESSORIES,
    roles.ROLES,
    faults.FAULTS,
    harms.HARMS,
    doubts.DOUBTS,
    offers.OFFERS,
    passing.PASSING,
    amounts.AMOUNTS,
)


@cache
def vocabulary() -> Lexicon:
    return make_lexicon(*TABLES).with_stems(STEMS)
