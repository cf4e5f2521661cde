"""The picture that shows where somebody posts the link of a shared build: a PNG of 1200 by 630 pixels.

Words in, bytes out; no clock. The two faces of Open Sans stand beside the data (Apache licence 2.0).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from configurator.glance import Fact, Glance

WIDTH, HEIGHT = 1200, 630
_FONTS = Path(__file__).parent / "data" / "fonts"
_MARGIN = 60
_COLUMN = 372  # from one answer to the next
_COLUMN_WIDTH = 340
_CATCH_X = 106  # beside its shape
_MOST_CHARACTERS = 200  # nothing longer is measured

# The light theme of the pages: previews are shown on light and dark grounds, and bring their own.
_PAPER, _INK, _MUTED, _RULE, _COPPER = "#f8f8f6", "#1b2025", "#515b65", "#9aa3ab", "#b8622b"
_COLOURS = {"": _INK, "blocker": "#b3261e", "caution": "#7a5d00", "unknown": "#55606b", "ok": "#226c3a"}

_Font = ImageFont.FreeTypeFont


@dataclass(frozen=True, slots=True)
class Preview:
    """What the picture says. ``saved`` is the day of its figures, in words."""

    title: str
    saved: str
    glance: Glance


def preview_png(preview: Preview) -> bytes:
    """The picture as a PNG. Texts that are too long end in an ellipsis, characters without a glyph are left out."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(image)
    _head(draw, preview.saved)
    title = drawable(preview.title) or "A shared build"
    face, lines = _largest(title, bold=True, sizes=(56, 48, 42), width=WIDTH - 2 * _MARGIN, most_lines=2)
    y = 104
    for line in lines:
        draw.text((_MARGIN, y), line, _INK, face)
        y += int(face.size * 1.2)
    _, machine = _largest(preview.glance.machine, bold=False, sizes=(30,), width=WIDTH - 2 * _MARGIN, most_lines=1)
    draw.text((_MARGIN, y + 10), "".join(machine), _MUTED, _face(30, bold=False))
    draw.line((_MARGIN, 320, WIDTH - _MARGIN, 320), _RULE, 2)
    for column, fact in enumerate((preview.glance.runs, preview.glance.speed, preview.glance.cost)):
        _column(draw, _MARGIN + column * _COLUMN, fact)
    draw.line((_MARGIN, 500, WIDTH - _MARGIN, 500), _RULE, 2)
    _catch(draw, preview.glance.catch)
    return _as_png(image)


def drawable(text: str) -> str:
    """The text on one line, without what the face has no glyph for."""
    words = " ".join(text[:_MOST_CHARACTERS].split())
    return " ".join("".join(character for character in words if _has_glyph(character)).split())


def shortened(text: str, face: _Font, width: int, most_lines: int) -> list[str]:
    """The text broken into lines that are no wider than ``width`` pixels; what is left over becomes an ellipsis.
    Words that are wider than a line are cut."""
    lines: list[str] = []
    left = text
    while left and len(lines) < most_lines:
        end = _fitting(left, face, width)
        if end < len(left):
            if len(lines) == most_lines - 1:
                room = width - face.getlength("…")
                return [*lines, left[: _fitting(left, face, room)].rstrip(" ,;:-–") + "…"]
            end = left.rfind(" ", 0, end + 1) if " " in left[: end + 1] else end
        lines.append(left[:end].rstrip())
        left = left[end:].lstrip()
    return lines


def _fitting(text: str, face: _Font, width: float) -> int:
    """How many characters from the start are no wider than ``width``; one at least."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if face.getlength(text[:middle]) <= width else (low, middle - 1)
    return low


def _largest(text: str, *, bold: bool, sizes: Sequence[int], width: int, most_lines: int) -> tuple[_Font, list[str]]:
    """The largest of the sizes at which the whole text fits, else the smallest with an ellipsis."""
    for size in sizes:
        face = _face(size, bold=bold)
        lines = shortened(drawable(text), face, width, most_lines)
        if not (lines and lines[-1].endswith("…")):
            break
    return face, lines


def _head(draw: ImageDraw.ImageDraw, saved: str) -> None:
    for x in range(5):  # the fins of the site's mark
        draw.line((_MARGIN + 2 + 9 * x, 44, _MARGIN + 2 + 9 * x, 70), _COPPER, 5)
    draw.line((_MARGIN - 2, 76, _MARGIN + 42, 76), _INK, 5)
    draw.text((_MARGIN + 60, 38), "Voltaic", _INK, _face(34, bold=True))
    draw.text((WIDTH - _MARGIN, 46), drawable(saved), _MUTED, _face(26, bold=False), anchor="ra")


def _column(draw: ImageDraw.ImageDraw, x: int, fact: Fact) -> None:
    face, label = _largest(fact.label, bold=False, sizes=(26, 22, 19), width=_COLUMN_WIDTH, most_lines=1)
    draw.text((x, 364), "".join(label), _MUTED, face, anchor="ls")
    face, words = _largest(fact.words, bold=True, sizes=(46, 38, 32, 27), width=_COLUMN_WIDTH, most_lines=1)
    draw.text((x, 398), "".join(words), _COLOURS[fact.severity], face, anchor="lm")
    face, notes = _largest(fact.note, bold=False, sizes=(22,), width=_COLUMN_WIDTH, most_lines=2)
    for line, note in enumerate(notes):
        draw.text((x, 430 + 29 * line), note, _MUTED, face)


def _catch(draw: ImageDraw.ImageDraw, fact: Fact) -> None:
    colour = _COLOURS[fact.severity]
    _shape(draw, fact.severity, _MARGIN + 16, 552, colour)
    width = WIDTH - _MARGIN - _CATCH_X
    face, words = _largest(f"{fact.label}: {fact.words}", bold=True, sizes=(34, 30, 26), width=width, most_lines=1)
    draw.text((_CATCH_X, 538), "".join(words), colour, face, anchor="lm")
    face, note = _largest(fact.note, bold=False, sizes=(24,), width=width, most_lines=1)
    draw.text((_CATCH_X, 578), "".join(note), _MUTED, face, anchor="lm")


def _shape(draw: ImageDraw.ImageDraw, severity: str, x: int, y: int, colour: str) -> None:
    """The severities differ by shape as on the pages: octagon, triangle, broken circle, square."""
    r = 17
    if severity == "blocker":
        draw.regular_polygon((x, y, r + 1), 8, rotation=22, fill=colour)
        draw.line((x - 9, y, x + 9, y), _PAPER, 5)
    elif severity == "caution":
        draw.polygon(((x, y - r), (x + r, y + r - 3), (x - r, y + r - 3)), fill=colour)
        draw.line((x, y - 6, x, y + 4), _PAPER, 4)
        draw.line((x, y + 8, x, y + 11), _PAPER, 4)
    elif severity == "ok":
        draw.rounded_rectangle((x - r, y - r, x + r, y + r), 4, fill=colour)
        draw.line(((x - 9, y), (x - 2, y + 8), (x + 9, y - 7)), _PAPER, 5)
    else:
        for start in range(0, 360, 45):
            draw.arc((x - r, y - r, x + r, y + r), start, start + 32, colour, 4)
        draw.text((x, y), "?", colour, _face(24, bold=True), anchor="mm")


def _as_png(image: Image.Image) -> bytes:
    kept = BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


@lru_cache(maxsize=32)
def _face(size: int, *, bold: bool) -> _Font:
    name = "OpenSans-Bold.ttf" if bold else "OpenSans-Regular.ttf"
    return ImageFont.truetype(_FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _has_glyph(character: str) -> bool:
    """Whether a character can be seen and the face knows it: it draws the same box for all that it does not know."""
    face = _face(24, bold=True)
    return character.isprintable() and (
        character == " " or bytes(face.getmask(character)) != bytes(face.getmask("\uffff"))
    )
