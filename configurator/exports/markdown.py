"""A build as Markdown for a forum. What people typed is escaped, so that a name cannot break the table or lead away."""

import re

from configurator.exports.passed_on import PassedOn, one_line, priced_in_words

# What begins a line only, such as # or -, is left: no text of ours stands at the beginning of one.
_SPECIAL = re.compile(r"([\\`*_{}\[\]|~^])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_SCHEME = re.compile(r":(?=//)")
_WWW = re.compile(r"\b(www)\.", re.IGNORECASE)


def escape(text: str) -> str:
    """Text that Markdown shows as it stands, on one line. Addresses in it do not become links."""
    escaped = _SPECIAL.sub(r"\\\1", one_line(text).translate(_ENTITIES))
    return _WWW.sub(r"\1\\.", _SCHEME.sub(r"\\:", escaped))


def link(words: str, address: str) -> str:
    """A link. ``address`` is one of ours with its query percent-encoded, so that it holds no bracket and no space."""
    return f"[{escape(words)}]({address})"


def markdown(build: PassedOn) -> str:
    """Links, workload, part list, headline figures and catches."""
    links = [link("Open this build in Voltaic", build.address)]
    if build.saved_at:
        links.append(link("As it was saved", build.saved_at))
    lines = [
        f"**{escape(build.name)}**",
        "",
        " · ".join(links),
        "",
        f"Runs {escape(build.workload)}",
        "",
        "| Slot | Part | Count | Each | Total |",
        "|:--|:--|--:|--:|--:|",
    ]
    for line in build.result.lines:
        each, total = map(one_line, priced_in_words(line))
        part = escape(line.priced.name)
        lines.append(f"| {escape(line.label)} | {part} | {line.count} | {each} | {total} |")
    lines += ["", "| | |", "|:--|:--|"]
    lines += [f"| {label} | {one_line(words)} |" for label, words in build.figures.items()]
    if build.catches:
        lines += ["", *(f"- **{severity}**: {escape(title)}" for severity, title in build.catches)]
    if build.result.cost.unknown:
        lines += ["", f"Not in the total: {escape('; '.join(build.result.cost.unknown))}"]
    return "\n".join([*lines, "", build.colophon, ""])
