"""Phrases and what they mean; finding them in a title, the longest first. A lexicon can be made without some of them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sourcing.matching.normalize import Gap, Token, fold, tokens


class Meaning(NamedTuple):
    """``group`` says what a phrase does in a title, ``value`` which one of the group it is."""

    group: str
    value: str


Phrase = tuple[str, ...]
Table = Mapping[str, Mapping[str, str]]  # group -> value -> phrases, parted by "|" or the end of the line


@dataclass(frozen=True, slots=True)
class Lexicon:
    by_first: Mapping[str, tuple[tuple[Phrase, Meaning], ...]]

    def longest(self, row: tuple[Token, ...], at: int) -> tuple[int, Meaning] | None:
        """The end and the meaning of the longest phrase that begins at a token."""
        for phrase, meaning in self.by_first.get(row[at].text, ()):
            end = at + len(phrase)
            if end > len(row):
                continue
            for index in range(at + 1, end):
                token = row[index]
                if token.text != phrase[index - at] or token.gap > Gap.SLASH:
                    break
            else:
                return end, meaning
        return None

    def phrases(self) -> Iterable[tuple[Phrase, Meaning]]:
        for entries in self.by_first.values():
            yield from entries

    def without(self, removed: Collection[Phrase]) -> "Lexicon":
        return _lexicon((phrase, meaning) for phrase, meaning in self.phrases() if phrase not in removed)


def make_lexicon(*tables: Table) -> Lexicon:
    """Raises ValueError where one phrase is given two meanings."""
    meanings: dict[Phrase, Meaning] = {}
    for table in tables:
        for group, values in table.items():
            for value, lines in values.items():
                for written in lines.replace("\n", "|").split("|"):
                    phrase = tuple(token.text for token in tokens(fold(written)))
                    if not phrase:
                        continue
                    meaning = Meaning(group, value)
                    if meanings.setdefault(phrase, meaning) != meaning:
                        raise ValueError(f"{written.strip()!r} means {meanings[phrase]} and {meaning}")
    return _lexicon(meanings.items())


def _lexicon(entries: Iterable[tuple[Phrase, Meaning]]) -> Lexicon:
    by_first: dict[str, list[tuple[Phrase, Meaning]]] = {}
    for phrase, meaning in entries:
        by_first.setdefault(phrase[0], []).append((phrase, meaning))
    return Lexicon({first: tuple(sorted(found, key=lambda one: -len(one[0]))) for first, found in by_first.items()})
