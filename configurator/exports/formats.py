"""The formats a build is exported in, by the ending of their addresses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from configurator.exports.bbcode import bbcode
from configurator.exports.document import json_document
from configurator.exports.markdown import markdown
from configurator.exports.passed_on import PassedOn
from configurator.exports.table import csv_table


@dataclass(frozen=True, slots=True)
class Format:
    """How one is written and sent. ``is_file``: it is for a program, so a browser saves it instead of showing it."""

    label: str
    content_type: str
    is_file: bool
    write: Callable[[PassedOn], str]


FORMATS: Mapping[str, Format] = {
    "md": Format("Markdown", "text/plain; charset=utf-8", False, markdown),
    "bbcode": Format("BBCode", "text/plain; charset=utf-8", False, bbcode),
    "csv": Format("CSV", "text/csv; charset=utf-8; header=present", True, csv_table),
    "json": Format("JSON", "application/json", True, json_document),
}
