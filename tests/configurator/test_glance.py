"""What is said first of a saved build, without and with what can be computed of it."""

from datetime import date
from typing import Any

from catalog.provenance import Confidence, Source
from configurator.estimation.types import Finding
from configurator.glance import glance, main_catch

SOURCE = Source("A page", "", date(2026, 11, 20), Confidence.COMPUTED)


def headline(**changed: Any) -> dict[str, Any]:
    return {
        "fits": True,
        "used_mib": 40960.0,
        "capacity_mib": 65536.0,
        "tightest_gpu": 2,
        "tightest_free_mib": 2048.0,
        "decode_tok_s": [12.0, 14.0, 16.0],
        "in_host_ram": "",
        "unpriced": 0,
        "landed_usd": ["1110", "1200", "1290"],
        "severities": {"blocker": 0, "caution": 2, "note": 3, "unknown": 1, "ok": 20},
    } | changed


def finding(rule: str, severity: str, *, starts: bool = True) -> Finding:
    return Finding(rule, severity, f"{rule} is wrong", "why", None, SOURCE, starts=starts)


def test_the_figures_that_were_saved_are_said_in_words() -> None:
    seen = glance(headline(), None)
    assert [(fact.words, fact.severity) for fact in seen.facts] == [
        ("Yes, it fits", "ok"),
        ("12–16\u00a0tok/s", ""),
        ("$1,110–1,290", ""),
        ("2 cautions, 1 unknown", "caution"),
    ]
    assert seen.runs.note == "40.0 of 64.0\u00a0GiB"
    assert seen.sentence.startswith("Does it fit? Yes, it fits (40.0 of 64.0")


def test_what_is_not_known_is_called_unknown_and_is_never_zero() -> None:
    nothing = glance(headline(decode_tok_s=None, unpriced=4, landed_usd=["0", "0", "0"]), None)
    assert (nothing.speed.words, nothing.speed.severity) == ("unknown", "unknown")
    assert (nothing.cost.words, nothing.cost.severity) == ("unknown", "unknown")
    assert "$0" not in nothing.sentence
    assert "0 tok/s" not in nothing.sentence
    part = glance(headline(unpriced=1), None)
    assert (part.cost.words, part.cost.note) == ("at least $1,110–1,290", "1 unknown, not counted")


def test_whether_it_runs_has_five_answers() -> None:
    blocked = {"blocker": 1, "caution": 0, "note": 0, "unknown": 0, "ok": 9}
    short = {"fits": False, "tightest_free_mib": -1536.0, "severities": blocked}
    cases = [
        (headline(severities=blocked), "Fits, but see the catch", "caution"),
        (headline(**short, in_host_ram="all but 57 layers"), "Only with host RAM", "caution"),
        (headline(**short, decode_tok_s=None), "No, it does not fit", "blocker"),
    ]
    for figures, words, severity in cases:
        runs = glance(figures, None).runs
        assert (runs.words, runs.severity) == (words, severity)
    assert glance(headline(**short, decode_tok_s=None), None).runs.note == "GPU 2 is 1.5\u00a0GiB short"


def test_the_main_catch_is_what_stops_it_then_the_worst_then_the_machines_own() -> None:
    stale, hot, loose = (finding(rule, "caution") for rule in ("stale-prices", "airflow", "power-limit-at-floor"))
    fits = finding("does-not-fit", "blocker")
    stuck = finding("cuda-13", "blocker", starts=False)
    note = finding("idle-cost", "note")
    assert main_catch((fits, stuck, stale)) == stuck
    assert main_catch((stale, fits, hot)) == fits
    assert main_catch((stale, loose, hot, note)) == hot
    assert main_catch((note, finding("windows", "ok"))) is None
    assert main_catch((note, finding("psu-margin", "unknown"))) == finding("psu-margin", "unknown")


def test_a_clean_build_says_so() -> None:
    clean = glance(headline(severities={"blocker": 0, "caution": 0, "note": 1, "unknown": 0, "ok": 30}), None)
    assert (clean.catch.words, clean.catch.note, clean.catch.severity) == ("none found", "30 checks passed", "ok")
