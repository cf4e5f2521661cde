"""axe-core's rules on every page: nothing serious or critical, in light and dark, wide and narrow."""

from importlib.resources import files
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver
from playwright.sync_api import Browser

pytestmark = pytest.mark.e2e

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What another width and other colours can change.
OF_THE_LOOK = {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]}
QUAD = "model=llama-3.3-70b&gpu=v100-sxm2-16gb&gpu_count=4&carrier=quad-board-taq-sxm2-4p5a5"
# Every page by the name of its address; what is not here answers no GET with a page of its own, and NO_PAGE says why.
PAGES = {
    "start": ("/", "/?model=llama-3.3-70b&quant=Q4_K_M&max_landed_usd=2500&region=OR", "/?model=nothing"),
    "accuracy": ("/accuracy/",),
    "audit": ("/audit/?verdict=inconsistent",),  # thirteen of its claims: all are of one kind, and 170 take ten seconds
    "build": ("/build/", "/build/?model=deepseek-v3&gpu_count=99"),
    "build_curves": (f"/build/curves/?{QUAD}",),
    "import_build": ("/build/import/",),
    "compare": (f"/compare/?b={QUAD.replace('=', '%3D').replace('&', '%26')}",),
    "wizard": ("/build/new/",),
    "wizard_step": ("/build/new/platform/", "/build/new/sourcing/"),
    "upgrade": ("/upgrade/", "/upgrade/?path=guide-ceiling"),
    "scale_out": ("/scale-out/",),
    "training": ("/training/",),
    "add_model": ("/models/add/",),
    "model_list": ("/models/",),
    "model_detail": ("/models/llama-3.3-70b/",),
    "part_list": ("/parts/",),
    "part_detail": ("/parts/v100-sxm2-16gb/",),
    "calculator": ("/sourcing/",),
    "status": ("/sourcing/status/",),
    "renting": ("/sourcing/renting/",),
    "new_quote": ("/sourcing/quotes/new/?part=v100-sxm2-16gb",),
    "new_watch": ("/watch/new/?part=v100-sxm2-16gb",),
    "watch_link": ("/watch/link/",),
    "kept_mails": ("/dev/mail/",),
}
NO_PAGE = {
    "a part of another page": {"model_sizes", "links", "part_prices"},
    "a redirect or a file": {
        *("build_with", "wizard_done", "audit_claim", "export_build", "export_shared", "shared_picture", "save"),
        *("delete_quote", "read_page", "ebay_account_deleted"),
    },
    "a page behind a link of its own, seen in its own browser test": {
        "own_model", "shared", "edit", "confirm_watch", "manage_watches", "edit_watch", "unsubscribe",
        "never_write_again",
    },
}  # fmt: skip

# Between them they have every component in every colour; looking at all pages again would take a minute.
ALL_COMPONENTS = ("start", "audit", "build_curves", "compare", "wizard_step", "part_detail", "status", "new_watch")


def test_every_page_is_looked_at() -> None:
    named = {
        pattern.name
        for app in ("configurator", "sourcing", "catalog")
        for pattern in get_resolver(f"{app}.urls").url_patterns
        if isinstance(pattern, URLPattern)
    }
    assert named == PAGES.keys() | set().union(*NO_PAGE.values())


@pytest.mark.parametrize(
    ("width", "scheme", "only", "names"),
    [(1280, "light", EVERYTHING, tuple(PAGES)), (390, "dark", OF_THE_LOOK, ALL_COMPONENTS)],
)
def test_no_page_has_a_serious_fault(
    browser: Browser, server: str, width: int, scheme: Any, only: Any, names: tuple[str, ...]
) -> None:
    context = browser.new_context(base_url=server, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    faults = []
    for address in (address for name in names for address in PAGES[name]):
        page.goto(address, wait_until="domcontentloaded")
        page.evaluate(AXE)  # by the debugger, which no content security policy stops
        found = page.evaluate("only => axe.run({runOnly: only, resultTypes: ['violations']})", only)
        faults += [
            f"{address}: {fault['id']}: {node['target']}: {node['failureSummary'][:200]}"
            for fault in found["violations"]
            if fault["impact"] in ("serious", "critical")
            for node in fault["nodes"][:3]
        ]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    context.close()
    assert not faults, "\n".join(faults)
