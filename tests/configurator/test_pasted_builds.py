"""What of a pasted text is taken for a build, and what is refused with which sentence."""

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from configurator import sharing
from configurator.choice import BuildChoice, InvalidChoice, parse
from configurator.exports import bbcode, markdown
from configurator.fields import FIELDS, Field
from configurator.given_builds import NotABuild
from configurator.pasted_builds import builds_in

HOST = "voltaic.example"
QUERY = "model=llama-3.3-70b&gpu=v100-sxm2-16gb&gpu_count=4"
OTHER = "model=llama-3.1-8b&gpu=v100-sxm2-32gb"


def queries(text: str) -> list[str]:
    return [build.query for build in builds_in(text, host=HOST)]


BUILDS = (
    f"https://{HOST}/build/?{QUERY}",
    f"  http://elsewhere.example:8000/build/?{QUERY}#cost\n",
    f"/build/?{QUERY}",
    f"?{QUERY}",
    QUERY,
    f"https://elsewhere.example/b/aBc-_9/?{QUERY}",
    f"I built this: https://{HOST}/build/?{QUERY}. What do you think?",
    f"> [my build](<https://{HOST}/build/?{QUERY}>), **[https://{HOST}/build/?{QUERY}]**",
    f'<a href="https://{HOST}/build/?{QUERY.replace("&", "&amp;")}">build</a>',
    f"https://{HOST}/build/?" + QUERY.replace("_", r"\_"),
    f"[url=https://{HOST}/build/?{QUERY}]https://{HOST}/build/?model=lla...count=4[/url]",
    f"https://{HOST}/build/?gpu_count=4&gpu=v100-sxm2-16gb&model=llama-3.3-70b&quant=Q4_K_M",
    f"https://{HOST}/parts/?{OTHER} https://{HOST}/build/import/?{OTHER} https://{HOST}/build/?{QUERY}",
    json.dumps({"question": {"model": "llama-3.3-70b", "gpu": "v100-sxm2-16gb", "gpu_count": 4}, "answer": {}}),
    json.dumps({"model": "llama-3.3-70b", "gpu": "v100-sxm2-16gb", "gpu_count": "4"}),
    "\ufeff" + json.dumps({"memory": {}, "query": QUERY}),
)
NO_BUILDS = (
    ("", "no text"),
    ("\n ", "no text"),
    ("what a nice machine", "no link to a build"),
    ("https://evil.example/", "no link to a build"),
    (f"https://{HOST}/build/", "no link to a build"),
    (f"https://{HOST}/x/build/?{QUERY}", "no link to a build"),
    (f"https://{HOST}/build/../b/?{QUERY}", "no link to a build"),
    (f"ftp://{HOST}/build/?{QUERY}", "no link to a build"),
    ("https://[/build/?a=b", "no setting"),
    ("https://evil.example/b/aBc-_9/", "another site"),
    (f"https://{HOST}@evil.example/b/aBc-_9/", "another site"),
    (f"https://{HOST}/build/?model=lla...count=4", "cut short"),
    (f"https://{HOST}/build/?model=lla…", "cut short"),
    (f"https://{HOST}/build/?model=" + "a" * 9000, "8,000 are the most"),
    (f"https://{HOST}/build/?colour=red", "no setting"),
    ("ubatch", "There is no shared build 'ubatch'"),
    (f"https://{HOST}/build/?" + "&".join(f"a{n}=1" for n in range(400)), "more settings"),
    (f"https://{HOST}/build/?gpu_count=1", "no setting"),
    (f"https://{HOST}/build/?gpu_count=-1", "from 1 to 64"),
    (f"https://{HOST}/build/?{QUERY}&tensor_parallel=3", "must be the number of GPUs"),
    ("{", "is none, in line 1"),
    ("{}", "no settings"),
    ('{"question": []}', "no object"),
    ('{"question": {}}', "no settings"),
    ('{"foo": 1}', "no settings"),
    ('{"query": null}', "no settings"),
    ('{"question": {"architecture": {}}}', "pasted architecture"),
    ('{"gpu_count": ' + "9" * 5000 + "}", "is none"),
    ('{"gpu_count": NaN}', "from 1 to 64"),
    ('{"gpu_count": 4, "colour": "red"}', "called so: colour."),
    ('{"a":' * 100_000, "is none"),
    (json.dumps({"gpu_count": 4} | {f"a{n}": 1 for n in range(9999)}), "a9. Take them out"),
)


def test_one_build_is_found_in_all_that_people_paste() -> None:
    for text in BUILDS:
        assert queries(text) == [QUERY], text


@pytest.mark.django_db
def test_what_is_no_build_is_refused_with_what_it_lacks() -> None:
    for text, says in NO_BUILDS:
        with pytest.raises(NotABuild) as refused:
            builds_in(text, host=HOST)
        assert says in str(refused.value), text[:80]


def test_different_builds_are_all_found_and_the_same_one_once() -> None:
    links = [f"https://{HOST}/build/?{query}" for query in (QUERY, OTHER, QUERY + "&quant=Q4_K_M", "ubatch=1")]
    assert queries(" ".join(links)) == [QUERY, OTHER, "ubatch=1"]


def test_settings_that_no_version_here_knows_are_left_out_and_named() -> None:
    (build,) = builds_in(f"https://{HOST}/build/?{QUERY}&colour=red", host=HOST)
    assert (build.query, build.ignored) == (QUERY, ("colour",))


@pytest.mark.django_db
def test_a_build_shared_here_is_looked_up_and_one_shared_elsewhere_is_not() -> None:
    saved = sharing.save(QUERY, title="", as_of=date(2026, 11, 1))
    link = saved.get_absolute_url()
    assert queries(link) == queries(f"see https://{HOST.upper()}{link}") == [QUERY]
    assert queries(f"https://{HOST}{link} https://{HOST}/build/?{OTHER}") == [OTHER]
    with pytest.raises(NotABuild, match="another site"):
        queries(f"https://evil.example{link}")
    with pytest.raises(NotABuild, match="There is no shared build 'nothing-here'"):
        queries(f"https://{HOST}/b/nothing-here/")


def _value(field: Field) -> st.SearchStrategy[Any]:
    low, high = field.minimum or 0, field.maximum or 0
    return {
        "slug": st.text("abcxyz019-&=% +/[é", min_size=1, max_size=12),
        "option": st.sampled_from(field.options or ("",)),
        "int": st.integers(int(low), int(high)),
        "number": st.floats(low, high),
        "flag": st.booleans(),
        "money": st.decimals(int(low), int(high), places=2),
        "date": st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    }[field.kind]


@st.composite
def any_choice(draw: st.DrawFn) -> BuildChoice:
    """Some settings of the whole table, with any value that is allowed."""
    fields = draw(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=12, unique=True))
    given = {field.name: draw(_value(field)) for field in fields}
    try:
        choice = parse(given)
    except InvalidChoice:  # settings that contradict each other
        assume(False)
        raise
    assume(choice.to_query())
    return choice


@settings(max_examples=60)
@given(any_choice(), st.text(max_size=40), st.sampled_from(["https://voltaic.example", "http://[::1]:8000", ""]))
def test_any_choice_comes_back_from_a_link_in_any_post(choice: BuildChoice, words: str, site: str) -> None:
    address = f"{site}/build/?{choice.to_query()}"
    for syntax in (markdown, bbcode):
        post = f"{syntax.escape(words)}\n{syntax.link(words, address)}\n{syntax.escape(words)}"
        assert queries(post) == [choice.to_query()]
    question = json.dumps(choice.to_question())
    assert queries(question) == queries(json.dumps({"question": json.loads(question)})) == [choice.to_query()]


@pytest.mark.django_db  # a word alone may be the slug of a shared build
@settings(max_examples=150)
@given(st.text(max_size=200) | st.text(alphabet="/build?&=.:{}[]\"'htps b\\%…", max_size=80))
def test_nothing_but_a_refusal_comes_of_nonsense(text: str) -> None:
    with suppress(NotABuild):
        builds_in(f"x{text}", host=HOST)
