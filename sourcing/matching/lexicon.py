"""Phrases and what they mean, found in a title the longest first. A lexicon can be made without some of them."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import NamedTuple

from sourcing.matching.normalize import Gap, Token, fold, tokens


class Meaning(NamedTuple):
    """``group`` says what a phrase does in a title, ``value`` which one of the group it is."""

    group: str
    value: str


DOUBT = "doubt"
SHORTEST_STEM, LONGEST_STEM = 6, 11
Phrase = tuple[str, ...]
Table = Mapping[str, Mapping[str, str]]  # group -> value -> phrases, parted by "|" or the end of the line


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases by their first two words, so that most places of a title cost one look."""

    single: Mapping[str, Meaning]
    longer: Mapping[str, Mapping[str, tuple[tuple[Phrase, Meaning], ...]]]
    stems: Mapping[str, Meaning] = field(default_factory=dict)

    def longest(self, row: tuple[Token, ...], at: int) -> tuple[int, Meaning] | None:
        """The end and the meaning of the longest phrase that begins at a token."""
        first = row[at].text
        following = self.longer.get(first)
        if following and at + 1 < len(row):
            for phrase, meaning in following.get(row[at + 1].text, ()):
                end = at + len(phrase)
                if end <= len(row) and all(
                    row[index].gap <= Gap.SLASH and row[index].text == phrase[index - at]
                    for index in range(at + 1, end)
                ):
                    return end, meaning
        meaning_alone = self.single.get(first) or self._stem(first)
        return (at + 1, meaning_alone) if meaning_alone else None

    def _stem(self, word: str) -> Meaning | None:
        for length in range(min(len(word), LONGEST_STEM), SHORTEST_STEM - 1, -1):
            meaning = self.stems.get(word[:length])
            if meaning:
                return meaning
        return None

    def phrases(self) -> Iterable[tuple[Phrase, Meaning]]:
        for word, meaning in self.single.items():
            yield (word,), meaning
        for by_second in self.longer.values():
            for entries in by_second.values():
                yield from entries

    def without(self, removed: Collection[Phrase]) -> "Lexicon":
        kept = _lexicon((phrase, meaning) for phrase, meaning in self.phrases() if phrase not in removed)
        return replace(kept, stems={stem: meaning for stem, meaning in self.stems.items() if (stem,) not in removed})

    def with_stems(self, stems: Mapping[str, tuple[str, str]]) -> "Lexicon":
        return replace(self, stems={stem: Meaning(*meaning) for stem, meaning in stems.items()})


def make_lexicon(*tables: Table) -> Lexicon:
    """Raises ValueError where one phrase is given two meanings; a doubt gives way to what is certain."""
    meanings: dict[Phrase, Meaning] = {}
    for table in tables:
        for group, values in table.items():
            for value, lines in values.items():
                meaning = Meaning(group, value)
                for phrase in _phrases(lines):
                    if meanings.setdefault(phrase, meaning) != meaning and value != DOUBT:
                        raise ValueError(f"{' '.join(phrase)!r} means {meanings[phrase]} and {meaning}")
    return _lexicon(meanings.items())


_CHOICE = re.compile(r"\{([^{}]*)\}")


def _phrases(lines: str) -> Iterator[Phrase]:
    """The phrases of a table. "{not, never} {run, seen}" stands for four: any of the first with any of the second."""
    flat = _CHOICE.sub(lambda found: found.group().replace("\n", " "), lines)
    for written in flat.replace("\n", "|").split("|"):
        parts = [
            [_words(choice) for choice in part.split(",")] if place % 2 else [_words(part)]
            for place, part in enumerate(_CHOICE.split(written))
        ]
        for chosen in product(*parts):
            phrase = tuple(word for words in chosen for word in words)
            if phrase:
                yield phrase


def _words(written: str) -> Phrase:
    return tuple(token.text for token in tokens(fold(written)))


def _lexicon(entries: Iterable[tuple[Phrase, Meaning]]) -> Lexicon:
    single: dict[str, Meaning] = {}
    longer: dict[str, dict[str, list[tuple[Phrase, Meaning]]]] = {}
    for phrase, meaning in entries:
        if len(phrase) == 1:
            single[phrase[0]] = meaning
        else:
            longer.setdefault(phrase[0], {}).setdefault(phrase[1], []).append((phrase, meaning))
    return Lexicon(
        single,
        {
            first: {second: tuple(sorted(found, key=lambda one: -len(one[0]))) for second, found in by_second.items()}
            for first, by_second in longer.items()
        },
    )
