"""Words not known whose form bodes ill: "bowed", "unhinged", "misaligned", "toothless". Sound goods have few of them;
what was done again or with care ("retimed", "fully enumerated") is done to sound goods."""

from sourcing.matching.items import Item
from sourcing.matching.words.sound import SOUND_LESS, SOUND_PARTICIPLES, SOUND_PREFIXED

_PREFIXES = ("un", "mis", "dis", "mal", "non")
_ALIKE = ("uni", "under", "unter", "disk", "disp", "dissip", "malay")  # "university", "dispatch"
_ENDINGS = ("able", "ible", "ive", "ous", "ful", "ing", "ic", "al", "y", "ent", "ant", "ion", "ment")  # of English
_SHORTEST = 5


def looks_bad(item: Item) -> bool:
    """Whether a word not known has the form of a defect: a participle, a negation, or a lack."""
    word = item.text
    if "-" in item.before:
        return False  # "gold-plated", "power-capped"
    if item.group != "word" or len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
        return False
    if word.endswith("ed"):
        return not word.startswith("re") and word not in SOUND_PARTICIPLES and word not in SOUND_PREFIXED
    if word.endswith("los"):
        return word not in SOUND_LESS
    if word.endswith("less"):
        return word not in SOUND_LESS
    return (
        word.startswith(_PREFIXES)
        and word.endswith(_ENDINGS)
        and not word.startswith(_ALIKE)
        and word not in SOUND_PREFIXED
    )
