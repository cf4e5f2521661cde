"""Whether a bad word is meant, or a good one denied: "no damage", "if faulty", "never worked", "now isn't"."""

from sourcing.matching.items import Item
from sourcing.matching.normalize import Gap
from sourcing.matching.suspicion import looks_bad

_NOUNS = frozenset({
    "gpu", "form", "noun", "card", "server", "thing", "board", "bykski", "switch", "link", "box", "pn",
    "memory", "set", "fault", "cut", "service", "ways",
})  # fmt: skip
_DENIALS = frozenset({"not", "isn't", "isnt", "is not", "nicht", "it is not"})
_HARMLESS_WORDS = frozenset({
    "cheap", "new", "mine", "perfect", "pretty", "selling", "splitting", "split", "separate", "separating",
    "sell", "trade", "negotiate", "negotiable", "responsible", "accepting", "shipping", "looking", "interested",
    "lowering", "only", "just", "many", "much", "too", "so", "very", "available", "sure", "cosmetic",
    "scratched", "dirty", "dusty", "used", "opened", "mounted", "overclocked", "modified", "modded", "flashed",
    "touched", "abused", "worn", "rusty", "disassembled", "seen", "happy", "willing", "happen", "stolen",
    "cleaned", "required", "shown", "pictured", "attached", "shipped", "supplied",
})  # fmt: skip


def denied(row: tuple[Item, ...], index: int) -> bool:
    """Whether a "not" denies what is not known, or nothing that is said: in doubt that it works."""
    item = row[index]
    if item.group != "neg" or item.value != "before" or item.text not in _DENIALS:
        return False
    if index + 1 == len(row) or row[index + 1].gap >= Gap.HARD:
        return ":" not in item.before  # "now isn't"
    if row[index + 1].group != "word" or row[index + 1].text in _HARMLESS_WORDS or row[index + 1].gap > Gap.SOFT:
        return False
    for at in range(index + 1, min(index + 5, len(row))):
        if row[at].gap >= Gap.LIST:
            break
        if row[at].group in _NOUNS:
            return False
    return True


def no_longer(row: tuple[Item, ...], index: int) -> bool:
    """Whether a word such as "works" is denied near by: "never worked", "funktioniert leider nicht mehr"."""
    if row[index].text in _CONTRACTIONS and index + 1 < len(row) and row[index + 1].text == "t":
        return not (
            index + 2 < len(row) and row[index + 2].text in _HARMLESS_VERBS
        )  # "doesn't ..." in doubt is a fault
    if row[index].text in ("can", "cant") and any(one.text in _ATTEMPTS for one in row[index + 1 : index + 3]):
        return True  # "can't get it to work"
    if row[index].text not in _WORKS:
        return False
    if index + 1 < len(row) and row[index + 1].text in _WHERE:
        return False  # "does not work in a PCIe slot"
    for step, denials in ((-1, _DENIED_BEFORE), (1, _DENIED_AFTER)):
        at = index
        for _ in range(3):
            later = max(at, at + step)
            at += step
            if not 0 <= at < len(row) or row[later].gap >= Gap.LIST:
                break
            if row[at].text in denials:
                following = row[at + 1] if at + 1 < len(row) else None
                return not (step > 0 and following and following.text in _WHERE)
            if row[at].group not in ("word", "noise", "neg"):
                break
    return False


_WORKS = frozenset({
    "works", "working", "work", "worked", "run", "running", "runs", "functions", "functioning", "boots", "boot",
    "starts", "recognized", "detected", "funktioniert", "geht", "lauft", "startet", "fonctionne", "marche",
    "demarre", "funciona", "enciende", "arranca", "funziona", "dziala", "uruchamia", "werkt",
})  # fmt: skip
_DENIED_BEFORE = frozenset({
    "not", "never", "nicht", "no", "non", "nie", "ne", "wont", "doesnt", "cannot", "longer", "hardly", "barely",
    "niet",
})  # fmt: skip
_CONTRACTIONS = frozenset({"doesn", "won", "didn", "isn", "couldn", "wouldn", "hasn", "aren", "wasn"})
_HARMLESS_VERBS = frozenset({
    "disappoint", "last", "find", "beat", "regret", "be", "need", "come", "include", "have", "fit", "mine",
    "break", "ship",
})  # fmt: skip
_ATTEMPTS = frozenset({"get", "make", "seem", "detect", "see", "boot", "verify", "confirm", "figure"})
_DENIED_AFTER = frozenset({"nicht", "pas", "plus", "niet"})
_WHERE = frozenset({
    "in", "im", "with", "without", "on", "w", "en", "dans", "mit", "ohne", "for", "as", "bei", "avec", "sans",
    "con",
})  # fmt: skip
_GOOD = frozenset({
    "good", "great", "fine", "ok", "okay", "perfect", "perfectly", "clean", "cheap", "reliable", "solid", "fast",
    "strong", "passes", "passed", "healthy", "stable", "happily", "unused", "new", "gut", "einwandfrei", "funktioniert",
    "bien", "bene", "常", "好", "稳", "响", "能", "行",
})  # fmt: skip


def only_hedged(row: tuple[Item, ...], index: int) -> bool:
    """Whether a "but" begins a clause without a good word: "detected, but ..."."""
    if row[index].group != "fault" or row[index].value != "but":
        return False
    for at in range(index + 1, len(row)):
        if row[at].gap >= Gap.HARD:
            break
        if row[at].text in _GOOD or row[at].text in _WORKS or row[at].group not in ("word", "number", "fault"):
            return False
    return index + 1 < len(row)


def only_some(row: tuple[Item, ...], index: int) -> bool:
    """Whether a number begins "1 of 2 working": the others do not."""
    if index + 3 >= len(row) or row[index + 1].text not in ("of", "out of", "von", "sur", "de"):
        return False
    some, all_of_them = row[index].amount, row[index + 2].amount
    if some is None or all_of_them is None or some >= all_of_them:
        return False
    behind = row[index + 3 : index + 6]
    return any(one.text in _WORKS or one.text in _GOOD or one.text == "tested" for one in behind)


_IFS = frozenset({"if", "wenn", "si", "zero", "0", "falls", "jesli", "如", "若", "如果"})
_MADE_GOOD = frozenset({"包", "可", "秒", "换", "退", "赔", "必", "free"})
_NEVER_BEEN = frozenset({"been", "being", "ever", "visibly", "physically", "get", "got", "过", "出", "现", "被"})
_WITH_CARE = frozenset({
    "all", "fully", "well", "freshly", "newly", "just", "carefully", "properly", "professionally", "individually",
    "previously", "recently", "factory", "thoroughly", "nicely", "expertly", "lightly", "gently", "lovingly",
    "originally", "duly", "correctly", "completely", "extensively", "safely", "securely",
})  # fmt: skip
# What a thing wants denies no harm: "needs rework".
_WANTS = ("need", "requir", "benotig", "braucht", "necess", "wymaga", "richiede", "requier", "you", "需")
_NO = ("no ", "without ", "zero ", "never ", "not ", "无", "没", "不", "非")
_NEW = frozenset({
    "new", "bnib", "sealed", "unopened", "unused", "neu", "neue", "neuf", "neuve", "nuevo", "nueva", "nuovo", "nuova",
    "nowy", "nowa",
})  # fmt: skip


def stands(row: tuple[Item, ...], index: int, group: str, *values: str) -> bool:
    """Whether a bad word is meant: not "no sign of damage", not "if ... faulty", not 坏包换."""
    item = row[index]
    unknown = group == "fault" and looks_bad(item) and not _of_its_past(row, index)
    if not unknown and (item.group != group or item.value not in values):
        return False
    if item.value == "unrun" and _is_new(row):
        return False
    named = unknown or item.value in ("harm", "doubt")
    for at in range(index - 1, max(index - 5, -1), -1):
        if row[at + 1].gap >= Gap.LIST:
            break
        one = row[at]
        if (one.group == "neg" and not one.text.startswith(_WANTS)) or one.text.endswith(" if") or one.text in _IFS:
            return False
        listed = at + 2 < index + 1 and row[at + 1].group == "add" and row[at + 1].value == "and"
        if listed and one.text.startswith(_NO) and one.group in ("noise", "fault") and one.value in ("noise", "none"):
            return False  # "no scratches or cracks"
        if one.group == "add":
            if one.value != "and":
                break
            continue
        if not (named or group != "fault") and not (one.text in _NEVER_BEEN or _lists(row, at)):
            break
        if one.group not in ("word", "noise", "maker", "number", "speed", "ways", group):
            break
    return not (index + 1 < len(row) and row[index + 1].text in _MADE_GOOD and row[index + 1].gap <= Gap.SOFT)


def _of_its_past(row: tuple[Item, ...], index: int) -> bool:
    """Whether a participle tells of care taken or of the former owner: "fully enumerated", "from a shuttered lab"."""
    if not index:
        return False
    before = row[index - 1]
    article = before.text in ("a", "an", "the", "our", "my", "their", "one", "some")
    return (
        before.text in _WITH_CARE
        or before.group == "from"
        or (article and index > 1 and row[index - 2].group == "from")
    )


def _lists(row: tuple[Item, ...], at: int) -> bool:
    """Whether the next word goes on with a list: "never dropped or flooded"."""
    return row[at].group in ("fault", "word") and row[at + 1].group == "add" and row[at + 1].value == "and"


def _is_new(row: tuple[Item, ...]) -> bool:
    return any(
        item.text in _NEW or (item.text == "新" and index and row[index - 1].text == "全") or item.text == "未使用"
        for index, item in enumerate(row)
    )
