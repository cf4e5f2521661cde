"""What people typed says what it says and does nothing, in each format's own syntax."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.exports import bbcode, markdown
from configurator.exports.table import cell

HOSTILE = "a|b\n# c [x](http://evil/) **d** <script>&lt; `e` ~~f~~ www.evil.example \u202eg\x00"


def test_markdown_shows_hostile_text_as_it_stands() -> None:
    assert markdown.escape(HOSTILE) == (
        r"a\|b # c \[x\](http\://evil/) \*\*d\*\* &lt;script&gt;&amp;lt; \`e\` \~\~f\~\~ www\.evil.example g"
    )


def test_bbcode_has_no_tag_and_no_address_in_hostile_text() -> None:
    text = "[url=http://evil/][b]x[/b]\n[img]https://evil/a.png[/img] WWW.evil.example"
    assert bbcode.escape(text) == "(url=http ://evil/)(b)x(/b) (img)https ://evil/a.png(/img) WWW .evil.example"


@given(st.text(max_size=60))
def test_no_text_breaks_a_line_opens_a_tag_or_leads_anywhere(text: str) -> None:
    in_markdown, in_bbcode = markdown.escape(text), bbcode.escape(text)
    assert in_markdown.isprintable()
    assert not set("<>") & set(in_markdown)
    assert in_markdown.replace(r"\\", "").count("|") == in_markdown.replace(r"\\", "").count(r"\|")
    assert not set("[]\n\r") & set(in_bbcode)
    assert "://" not in in_markdown
    assert "://" not in in_bbcode.replace(" ://", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('=HYPERLINK("http://evil")', '\'=HYPERLINK("http://evil")'),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r1", "'1"),
        (" =1", "'=1"),
        ("\u200b=1", "'=1"),
        ("\uff1d1", "'\uff1d1"),
        ("V100 SXM2 -- 16 GB", "V100 SXM2 -- 16 GB"),
        ("400.00", "400.00"),
        ("", ""),
    ],
)
def test_a_cell_is_never_a_formula(text: str, shown: str) -> None:
    assert cell(text) == shown
