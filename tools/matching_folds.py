"""How the matcher reads labelled titles it has no words from: near-duplicates in one fold, and in each fold's turn the
vocabulary without the phrases that only its titles support.

    python -m tools.matching_folds TITLES.json

Then the same where the titles written for the tests count as support: no words are left out that those need too.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from sourcing.matching.decide import match
from sourcing.matching.lexicon import SHORTEST_STEM, Lexicon, Phrase
from sourcing.matching.normalize import read
from sourcing.matching.types import ListingText
from sourcing.matching.vocabulary import vocabulary

OWN = Path(__file__).parent.parent / "tests" / "sourcing" / "matching" / "titles.yaml"
FOLDS = 5
ALIKE = 0.5  # of the words of two titles in common: one template

# Names of parts come from the catalog as part numbers do, not from titles.
NAMES = frozenset({"gpu", "form", "server", "board", "bykski", "switch", "link"})

Row = Mapping[str, Any]


def templates(titles: list[str]) -> list[list[int]]:
    """Titles in groups of one template, by the words they share."""
    words = [{token.text for token in read(title).tokens if not token.text.isdigit()} for title in titles]
    group = list(range(len(titles)))

    def root(index: int) -> int:
        while group[index] != index:
            index = group[index]
        return index

    for first, own in enumerate(words):
        for second in range(first):
            both = own | words[second]
            if both and len(own & words[second]) / len(both) >= ALIKE:
                group[root(first)] = root(second)
    found: dict[int, list[int]] = defaultdict(list)
    for index in range(len(titles)):
        found[root(index)].append(index)
    return list(found.values())


def folds(groups: list[list[int]]) -> list[list[int]]:
    """Whole templates dealt to folds, the largest first, each to the fold that has least."""
    dealt: list[list[int]] = [[] for _ in range(FOLDS)]
    for group in sorted(groups, key=len, reverse=True):
        min(dealt, key=len).extend(group)
    return dealt


def phrases_in(title: str, lexicon: Lexicon) -> Iterator[Phrase]:
    """Every phrase of the vocabulary that a title holds, stems included."""
    row = read(title).tokens
    for at, token in enumerate(row):
        found = lexicon.longest(row, at)
        if found:
            yield tuple(one.text for one in row[at : found[0]])
        for length in range(SHORTEST_STEM, len(token.text) + 1):
            if token.text[:length] in lexicon.stems:
                yield (token.text[:length],)


def scores(rows: list[Row], lexicon: Lexicon) -> tuple[int, int, int, int]:
    """Accepted rightly, accepted, to be accepted, reasons right."""
    right = accepted = wanted = reasons = 0
    for row in rows:
        expect = row["expect"]
        keys = ("marketplace", "title", "condition_id", "item_group_type", "price", "currency")
        found = match(ListingText(**{key: row[key] for key in keys}), lexicon)
        accepted += found.accept
        wanted += expect["accept"]
        reasons += found.reason == expect["reason"]
        if found.accept and expect["accept"] and found.quantity == expect["quantity"]:
            right += found.part is not None and found.part.startswith(expect["part"])
    return right, accepted, wanted, reasons


def main() -> None:
    rows: list[Row] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    whole = vocabulary()
    groups = templates([row["title"] for row in rows])
    dealt = folds(groups)
    support: dict[Phrase, set[int]] = defaultdict(set)
    for number, fold in enumerate(dealt):
        for index in fold:
            for phrase in phrases_in(rows[index]["title"], whole):
                support[phrase].add(number)
    _line("whole vocabulary", len(rows), scores(rows, whole))
    names = {phrase for phrase, meaning in whole.phrases() if meaning.group in NAMES}
    own_titles = yaml.safe_load(OWN.read_text(encoding="utf-8"))
    elsewhere = {phrase for row in own_titles for phrase in phrases_in(row["title"], whole)}
    for kept, what in (
        (set[Phrase](), "words and names of parts"),
        (names, "words"),
        (names | elsewhere, "words found in no other title"),
    ):
        total = [0, 0, 0, 0]
        removed = 0
        for number, fold in enumerate(dealt):
            own = {phrase for phrase, where in support.items() if where == {number}} - kept
            removed += len(own)
            found = scores([rows[index] for index in fold], whole.without(own))
            total = [sum(pair) for pair in zip(total, found, strict=True)]
        _line(f"without {removed // FOLDS} {what} a fold", len(rows), (total[0], total[1], total[2], total[3]))
    print(f"{len(groups)} templates in {FOLDS} folds")  # noqa: T201


def _line(name: str, count: int, found: tuple[int, int, int, int]) -> None:
    right, accepted, wanted, reasons = found
    print(  # noqa: T201
        f"{name:52} {count:4} titles   precision {right / max(accepted, 1):.3f}   "
        f"recall {right / max(wanted, 1):.3f}   reasons {reasons / max(count, 1):.3f}"
    )


if __name__ == "__main__":
    main()
