"""YAML files read so that every error can name the file and the line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

KeyPath = tuple[str | int, ...]
"""The way to a value: ("figures", "memory_mib", "unit") or ("lines", 2, "quantity")."""

_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_BASE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is some ten times quicker, where built
_RESOLVERS: Mapping[str, Any] = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
"""Dates stay text, quoted or not: JSON columns hold text, and a wrong date then has a line in its error."""


class YamlFileError(ValueError):
    """A file that is not one mapping with distinct text keys. ``errors`` each name file and line."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class YamlFile:
    """The data of one file, and the line on which each of its values stands (counted from 1)."""

    path: Path
    label: str
    data: dict[str, Any]
    lines: Mapping[KeyPath, int] = field(repr=False)

    def line(self, path: KeyPath = ()) -> int:
        """The line of the value at ``path``, or of the nearest value around it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def error(self, path: KeyPath, message: str) -> str:
        """The message with file and line before it."""
        return f"{self.label}:{self.line(path)}: {message}"


def read_yaml_with_lines(path: Path, *, relative_to: Path) -> YamlFile:
    """Read one file; its label in errors is its path from ``relative_to``, which must be one of its parents.

    Raises YamlFileError: not UTF-8, not YAML, not one mapping, a key twice, or a key that is not text.
    """
    label = path.relative_to(relative_to).as_posix()
    try:
        loader = _BASE_LOADER(path.read_text(encoding="utf-8"))
        loader.yaml_implicit_resolvers = _RESOLVERS
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise YamlFileError([f"{label}:1: must hold one item, as keys with values"])
        lines: dict[KeyPath, int] = {}
        if errors := [f"{label}:{line}: {message}" for line, message in _walk(node, (), lines)]:
            raise YamlFileError(errors)
        return YamlFile(path=path, label=label, data=loader.construct_document(node), lines=lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise YamlFileError([f"{label}:{line}: not valid YAML: {error.problem or error.context}"]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise YamlFileError([f"{label}:1: not valid YAML: {error}"]) from error


def _walk(node: yaml.Node, path: KeyPath, lines: dict[KeyPath, int]) -> Iterator[tuple[int, str]]:
    """Note the line of every value below a node, and yield what is wrong with the keys."""
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*path, index), lines)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            line = key.start_mark.line + 1
            key_path = (*path, key.value) if key.tag == "tag:yaml.org,2002:str" else None
            if key_path is None:
                yield line, f"key {key.value!r} is not text, put it in quotes"
            elif key_path in lines:
                yield line, f"key {key.value!r} is there twice, first on line {lines[key_path]}"
            else:
                lines[key_path] = line
                yield from _walk(value, key_path, lines)


def read_yaml_folder(folder: Path, *, relative_to: Path) -> tuple[list[YamlFile], list[str]]:
    """Every .yaml file below a folder, by path, and what is wrong with those that cannot be read."""
    files, errors = [], []
    for path in sorted(folder.rglob("*.y*ml")):
        if path.suffix != ".yaml":
            errors.append(f"{path.relative_to(relative_to).as_posix()}:1: the name must end in .yaml")
            continue
        try:
            files.append(read_yaml_with_lines(path, relative_to=relative_to))
        except YamlFileError as error:
            errors += error.errors
    return files, errors
