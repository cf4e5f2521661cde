"""Typed values out of one data file, with every error of the file noted by line. No database."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.figures import source_of
from catalog.provenance import Confidence, Source
from catalog.validation import source_problems
from catalog.yaml_lines import KeyPath, YamlFile

_DECIMAL = r"\d{1,9}(\.\d{1,6})?"
_NO_SOURCE = Source("", "", date.min, Confidence.UNVERIFIED)


class Fields:
    """The keys of one mapping in a file, read one by one.

    A wrong or missing value is noted in ``errors`` and a placeholder returned, so that one reading finds everything;
    nothing read may be used while there are errors. ``finish`` notes the keys nobody asked for.
    """

    def __init__(self, file: YamlFile, data: Any = None, path: KeyPath = ()) -> None:
        self._file = file
        self._path = path
        self._asked: set[str] = set()
        self.errors: list[str] = []
        self._data: Mapping[str, Any] = file.data if data is None and not path else data
        if not isinstance(self._data, Mapping):
            self._data = {}
            self.errors.append(file.error(path, f"is {data!r}, allowed: keys with values"))

    def refuse(self, key: str, message: str) -> None:
        self.errors.append(self._file.error((*self._path, key), message))

    def finish(self) -> list[str]:
        """All errors, those for unknown keys included."""
        allowed = ", ".join(sorted(self._asked))
        for key in self._data:
            if key not in self._asked:
                self.refuse(key, f"unknown key {key!r}, allowed: {allowed}")
        return self.errors

    def raw(self, key: str, default: Any = None) -> Any:
        self._asked.add(key)
        return self._data.get(key, default)

    def text(self, key: str, default: str | None = None) -> str:
        """Text; without ``default`` it must be there and not empty."""
        value = self.raw(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.refuse(key, f"{key} is {value!r}, allowed: text (in quotes)")
            return ""
        return value

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        value = self.raw(key)
        if value not in allowed:
            self.refuse(key, f"{key} is {value!r}, allowed: {', '.join(allowed)}")
            return allowed[0]
        return str(value)

    def flag(self, key: str, default: bool | None = None) -> bool:
        value = self.raw(key, default)
        if not isinstance(value, bool):
            self.refuse(key, f"{key} is {value!r}, allowed: true or false")
            return False
        return value

    def amount(self, key: str) -> Decimal:
        """A number of zero or more, written in quotes so that it stays decimal."""
        value = self.optional_amount(key)
        if value is None:
            if self._data.get(key) is None:
                self.refuse(key, f'{key} is missing, allowed: a number in quotes, as "2.77"')
            return Decimal(0)
        return value

    def money(self, key: str) -> Decimal:
        """An amount of money, whole cents."""
        value = self.amount(key)
        if value != round(value, 2):
            self.refuse(key, f"{key} is {value}, allowed: at most two decimals")
        return value

    def optional_amount(self, key: str) -> Decimal | None:
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, str) or not re.fullmatch(_DECIMAL, value):
            self.refuse(key, f'{key} is {value!r}, allowed: a number in quotes, as "2.77"')
            return None
        return Decimal(value)

    def optional_percent(self, key: str) -> Decimal | None:
        """A percentage as a fraction; null where it is not known. The key itself must be there."""
        if key not in self._data:
            self.refuse(key, f'{key} is missing, allowed: a percentage in quotes, as "12.5", or null where not known')
        value = self.optional_amount(key)
        return None if value is None else value / 100

    def day(self, key: str) -> date:
        value = self.optional_day(key)
        if value is None:
            if self._data.get(key) is None:
                self.refuse(key, f'{key} is missing, allowed: a date in quotes, as "2026-11-09"')
            return date.min
        return value

    def optional_day(self, key: str) -> date | None:
        """A date; null where there is no bound."""
        value = self.raw(key)
        if value is None:
            return None
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                raise ValueError
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.refuse(key, f'{key} is {value!r}, allowed: a date in quotes, as "2026-11-09"')
            return None

    def texts(self, key: str, *, all_word: bool = False) -> tuple[str, ...]:
        """A list of texts, none where the key is missing. With ``all_word`` it must be there; "all" gives none."""
        value = self.raw(key, None if all_word else [])
        if all_word and value == "all":
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self.refuse(key, f"{key} is {value!r}, allowed: {'all, or ' if all_word else ''}a list of texts in quotes")
            return ()
        if all_word and not value:
            self.refuse(key, f"{key} is empty, allowed: all, or a list of texts in quotes")
        return tuple(value)

    def source(self, key: str = "source") -> Source:
        """One source in full: title, href, checked_on, confidence."""
        value = self.raw(key)
        problems = list(source_problems({key: value}))
        for path, message in problems:
            self.errors.append(self._file.error((*self._path, *path[1:]), message))
        return _NO_SOURCE if problems else source_of(value)

    def sources(self) -> dict[str, Source]:
        """The file's sources by key, for rows that name one."""
        value = self.raw("sources")
        problems = list(source_problems(value))
        for path, message in problems:
            self.errors.append(self._file.error((*self._path, *path), message))
        return {} if problems else {key: source_of(one) for key, one in value.items()}

    def source_in(self, sources: Mapping[str, Source], key: str = "source") -> Source:
        """The source a row names by its key in the file's sources."""
        name = self.text(key)
        if name not in sources:
            self.refuse(key, f"{key} is {name!r}, allowed: {', '.join(sources) or 'a key of sources'}")
            return _NO_SOURCE
        return sources[name]

    def rows(self, key: str) -> "Iterator[Fields]":
        """The mappings of a list, one by one; the errors of each are taken over when the next is asked for."""
        value = self.raw(key)
        if not isinstance(value, list) or not value:
            self.refuse(key, f"{key} is missing or empty, allowed: a list")
            return
        for position, one in enumerate(value):
            row = Fields(self._file, one, (*self._path, key, position))
            yield row
            self.errors += row.finish()

    def inner(self, key: str) -> "Fields":
        """The mapping under a key, to be read like this one; the caller takes over its errors."""
        return Fields(self._file, self.raw(key), (*self._path, key))
