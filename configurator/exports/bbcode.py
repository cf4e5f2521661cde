"""A build as BBCode. Lines instead of a table, which many forums do not know; bold, links and lists they all do."""

import re

from configurator.exports.passed_on import PassedOn, one_line, priced_in_words

# BBCode has no escape: a bracket would begin a tag whatever stands before it.
_BRACKETS = str.maketrans("[]", "()")
_SCHEME = re.compile(r":(?=//)")
_WWW = re.compile(r"\b(www)\.", re.IGNORECASE)


def escape(text: str) -> str:
    """Text without tags, on one line. Square brackets become round ones, and addresses do not become links."""
    return _WWW.sub(r"\1 .", _SCHEME.sub(" :", one_line(text).translate(_BRACKETS)))


def link(words: str, address: str) -> str:
    """A link. ``address`` is one of ours with its query percent-encoded, so that it holds no bracket and no space."""
    return f"[url={address}]{escape(words)}[/url]"


def bbcode(build: PassedOn) -> str:
    """Links, workload, part list, headline figures and catches."""
    lines = [f"[b]{escape(build.name)}[/b]", link("Open this build in Voltaic", build.address)]
    if build.saved_at:
        lines.append(link("As it was saved", build.saved_at))
    lines += ["", f"Runs {escape(build.workload)}", ""]
    for line in build.result.lines:
        each, total = map(one_line, priced_in_words(line))
        price = f"{each} each, {total}" if total and line.priced.quantity > 1 else each
        part = escape(line.priced.name)
        lines.append(f"[b]{escape(line.label)}:[/b] {line.count} × {part} ({price})")
    lines += ["", *(f"[b]{label}:[/b] {one_line(words)}" for label, words in build.figures.items())]
    if build.catches:
        catches = (f"[*][b]{severity}[/b]: {escape(title)}" for severity, title in build.catches)
        lines += ["", "[list]", *catches, "[/list]"]
    if build.result.cost.unknown:
        lines += ["", f"Not in the total: {escape('; '.join(build.result.cost.unknown))}"]
    return "\n".join([*lines, "", build.colophon, ""])
