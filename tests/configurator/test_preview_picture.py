"""The preview picture is a PNG of the agreed size whatever the words are, and its lines stay within their width."""

from dataclasses import replace
from io import BytesIO

from PIL import Image, ImageFont

from configurator.glance import Fact, Glance
from configurator.preview_picture import Preview, drawable, preview_png, shortened

GLANCE = Glance(
    machine="4 × NVIDIA Tesla V100 SXM2 16 GB on a quad board",
    runs=Fact("Runs Llama 3.3 70B?", "Yes, it fits", "40.0 of 64.0 GiB", "ok"),
    speed=Fact("How fast", "12–16 tok/s", "in one stream"),
    cost=Fact("Costs, landed", "$1,110–1,290", "prices of Mar 2026"),
    catch=Fact("Main catch", "No heatsinks in the list", "and 2 unknown", "unknown"),
)
PREVIEW = Preview("My quad", "prices of 20 Nov 2026", GLANCE)
FACE = ImageFont.load_default(20)
assert isinstance(FACE, ImageFont.FreeTypeFont)


def picture(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def test_it_is_a_png_of_1200_by_630_and_every_answer_changes_it() -> None:
    data = preview_png(PREVIEW)
    assert (picture(data).format, picture(data).size) == ("PNG", (1200, 630))
    assert preview_png(PREVIEW) == data
    others = [
        replace(PREVIEW, title="Another"),
        replace(PREVIEW, saved="prices of 21 Nov 2026"),
        replace(PREVIEW, glance=replace(GLANCE, machine="2 × V100")),
        replace(PREVIEW, glance=replace(GLANCE, runs=Fact("Runs it?", "No", "", "blocker"))),
        replace(PREVIEW, glance=replace(GLANCE, speed=Fact("How fast", "unknown", "", "unknown"))),
        replace(PREVIEW, glance=replace(GLANCE, cost=Fact("Costs, landed", "unknown", "", "unknown"))),
        replace(PREVIEW, glance=replace(GLANCE, catch=Fact("Main catch", "none found", "", "ok"))),
    ]
    assert len({data, *(preview_png(other) for other in others)}) == len(others) + 1


def test_hostile_and_endless_titles_do_not_break_it() -> None:
    untitled = preview_png(replace(PREVIEW, title=""))
    for title in ("\0\x1b[31m", "漢字かな", "🙂🙃", "\u202e\u200b", "   \n\t"):
        assert drawable(title).strip("[31m") == "", repr(title)
    assert preview_png(replace(PREVIEW, title="漢字かな")) == untitled
    for title in ("x" * 100_000, "<script>alert(1)</script>", "word " * 500, "ÄÖÜß Ελλάς Москва – × …"):
        assert picture(preview_png(replace(PREVIEW, title=title))).size == (1200, 630)
    assert drawable("ÄÖÜß Ελλάς\nМосква – × …") == "ÄÖÜß Ελλάς Москва – × …"


def test_long_text_is_broken_between_words_and_ends_in_an_ellipsis() -> None:
    assert isinstance(FACE, ImageFont.FreeTypeFont)
    width = int(FACE.getlength("one two")) + 1
    assert shortened("one two", FACE, width, 1) == ["one two"]
    assert shortened("one two one two", FACE, width, 2) == ["one two", "one two"]
    assert shortened("one two one two one", FACE, width, 2)[-1].endswith("…")
    assert shortened("", FACE, width, 2) == []


def test_no_line_is_wider_than_it_may_be() -> None:
    assert isinstance(FACE, ImageFont.FreeTypeFont)
    for text in ("W" * 80, "a b c d e f g h " * 8, "short and averylongwordwithoutanyspace in it", "a"):
        for width in (60, 77, 240):
            for most_lines in (1, 2, 3):
                lines = shortened(text.strip(), FACE, width, most_lines)
                assert 0 < len(lines) <= most_lines
                assert all(FACE.getlength(line) <= width for line in lines)
