"""Words not known whose form bodes ill: "bowed", "unhinged", "misaligned", "toothless". Sound goods have few of them;
what was done again or with care ("retimed", "fully enumerated") is done to sound goods."""

from sourcing.matching.items import Item, Role
from sourcing.matching.normalize import Gap
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


_NAMES = frozenset({"gpu", "form", "memory", "board", "bykski", "link", "pn", "thing", "noun", "card", "server"})
_LONGEST_ENDING = 6
_OF_ITS_STATE = frozenset({
    "new", "brand", "good", "used", "ok", "excellent", "great", "condition", "shape", "wholesale", "pictured", "shown",
    "as", "in", "rev", "needed", "together", "superb", "bare", "fine", "perfect", "clean", "genuine", "very", "nice",
    "mint", "version", "gebraucht", "neu", "neuf", "usada", "usado", "probado", "probada", "testado", "testada",
    "sprawne", "sprawna", "fungerar", "begagnad", "usato", "nuevo", "nueva", "occasion", "全", "新", "成", "色", "好",
    "的", "靓", "美", "品", "完", "稳", "定", "在", "保", "闲", "置", "测", "试", "直", "插", "使", "用", "图", "齐",
})  # fmt: skip


def unknown_ending(row: list[Item]) -> str:
    """The words not known that end a title of one clause right behind the product: its head may be among them."""
    named = max((index for index, item in enumerate(row) if item.group in _NAMES), default=None)
    if named is None or row[named].role is not Role.SOLD or any(item.gap >= Gap.LIST for item in row[1:]):
        return ""
    ending = row[named + 1 :]
    if not 1 <= len(ending) <= _LONGEST_ENDING or any(item.group != "word" for item in ending):
        return ""
    unknown = any(len(item.text) > 1 or not item.text.isascii() for item in ending if item.text not in _OF_ITS_STATE)
    return " ".join(item.text for item in ending) if unknown else ""
