"""Pages: start, configurator, shared builds. Each cleans its input, makes one call and renders."""

from datetime import date
from functools import lru_cache
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import snapshot
from catalog.htmx import HtmxRequest, page_or_partial, patch_partial_vary, wants_partial
from catalog.models import Preset
from catalog.snapshot import UnknownSlug
from configurator import sharing
from configurator.audit import guide_says
from configurator.choice import InvalidChoice
from configurator.estimates import EstimateResult, estimate_choice
from configurator.estimation.memory import CannotEstimate
from configurator.fields import FIELD_BY_NAME
from configurator.forms import BuildForm, SaveForm
from configurator.glance import glance
from configurator.known_files import KnownFile, known_files
from configurator.model_sizes import size_rows
from configurator.models import SharedBuild
from configurator.own_models.find import find_model
from configurator.picture_views import preview_path
from configurator.pictures import draw
from configurator.starting import machine_with
from sourcing import prices
from sourcing.landed.types import Money
from sourcing.line_prices import Told, told_to
from sourcing.order_query import query_of_lines
from sourcing.pictures import waterfall
from sourcing.quotes_key import quotes_key

CONFIGURATOR = "configurator/configurator.html"
FRAGMENTS_KEPT = 256  # of some 60 KB each, in every web process
# Stands for the token against cross-site requests in a kept fragment; nobody can guess it and have it put elsewhere.
TOKEN_GOES_HERE = token_hex(24).encode()
EDIT_TOKENS = "edit_tokens"
MOST_EDIT_TOKENS = 30
MOST_QUERY_CHARACTERS = 6000  # an address line of the web server has room for so many
SIZED_MODULES = ("v100-sxm2-16gb", "v100-sxm2-32gb")


@require_safe
def build(request: HtmxRequest) -> HttpResponse:
    """The configurator. htmx gets the panel only, anybody else the page around it."""
    told = told_to(quotes_key(request), timezone.now())
    with snapshot.one_state() as state:
        if not wants_partial(request):
            context = _build_context(request.GET, timezone.localdate(), told, partial=False)
            response = page_or_partial(request, CONFIGURATOR, "panel", context)
            patch_vary_headers(response, ["Cookie"])
            return response
        # What marketplaces offer may not be kept, so neither is a fragment that may hold it.
        fragment = _fragment if told.offers_at is None else _fragment.__wrapped__
        body, query = fragment(state, timezone.localdate(), request.META["QUERY_STRING"], told)
    response = HttpResponse(body.replace(TOKEN_GOES_HERE, get_token(request).encode()))
    patch_partial_vary(response)
    if query is not None:
        response["HX-Replace-Url"] = f"{reverse('configurator:build')}?{query}"
    return response


def _build_context(given: QueryDict, as_of: date, told: Told, *, partial: bool) -> dict[str, Any]:
    form = BuildForm(given, snapshot.current(), prices.agent_choices())
    try:
        result = estimate_choice(form.choice(), as_of=as_of, told=told)
    except InvalidChoice as refused:
        form.refuse(refused)
        result = None
    return {"form": form, "oob": partial, **panel(result)}


@lru_cache(maxsize=FRAGMENTS_KEPT)
def _fragment(_catalog: snapshot.Stamp | None, as_of: date, query_string: str, told: Told) -> tuple[bytes, str | None]:
    """The panel of a choice, with the forms' token left open, and the choice's canonical query.

    It depends on the choice, the day, the state of the catalog and what the browser is told of prices only, so these
    are its key: people move back and forth between the same few settings, and a link that is posted somewhere is
    opened by many.
    """
    context = _build_context(QueryDict(query_string), as_of, told, partial=True)
    result = context["result"]
    body = render_to_string(f"{CONFIGURATOR}#panel", {**context, "csrf_token": TOKEN_GOES_HERE.decode()})
    return body.encode(), result.query if result else None


@require_safe
def build_with(request: HttpRequest, slug: str) -> HttpResponse:
    """A sensible machine around one part; settings in the address replace those of that machine."""
    try:
        settings = {**machine_with(slug, snapshot.current()), **request.GET.dict()}
    except UnknownSlug as unknown:
        raise Http404(str(unknown)) from None
    return redirect(f"{reverse('configurator:build')}?{urlencode(settings)}")


@require_safe
def model_sizes(request: HtmxRequest, slug: str) -> HttpResponse:
    """A model's file sizes and the smallest machines that hold it; the model's page loads it by address."""
    catalog = snapshot.current()
    try:
        model = find_model(catalog, slug)
    except UnknownSlug as unknown:
        raise Http404(str(unknown)) from None
    gpus = [catalog.gpus[gpu] for gpu in SIZED_MODULES]
    try:
        context = {"model": model, "gpus": gpus, "rows": size_rows(model, gpus)}
    except CannotEstimate as refused:
        context = {"model": model, "refusal": str(refused)}
    return page_or_partial(request, "configurator/model_sizes.html", "sizes", context)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    form = SaveForm(request.POST)
    if not form.is_valid():
        return _not_saved(request, _sentences(form))
    try:
        shared_build = sharing.save(
            form.cleaned_data["query"],
            title=form.cleaned_data["title"],
            as_of=timezone.localdate(),
            told=told_to(quotes_key(request), timezone.now()),
        )
    except InvalidChoice as refused:
        return _not_saved(request, str(refused))
    _remember_edit_token(request, shared_build)
    messages.success(request, "Saved. Send the link to share; keep the secret edit link for yourself.")
    return redirect(shared_build)


@require_safe
def shared(request: HttpRequest, slug: str) -> HttpResponse:
    """A saved build. The browser that saved it, or opened its secret link, may change it here too."""
    return _shared_page(request, slug)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """A shared build for whoever has its secret link: rename, put another build behind it, delete."""
    shared_build = SharedBuild.objects.named(slug)
    if shared_build is None or not shared_build.may_be_edited_with(token):
        return _gone(request, shared_build)
    if request.method != "POST":
        # On to the plain address: the one in the bar is the one people copy.
        _remember_edit_token(request, shared_build)
        return redirect(shared_build)
    if "delete" in request.POST:
        shared_build.delete()
        messages.success(request, "The shared build is deleted; its link no longer works.")
        return redirect("configurator:build")
    form = SaveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _sentences(form))
        return redirect(shared_build)
    try:
        sharing.replace(
            shared_build,
            form.cleaned_data["query"],
            title=form.cleaned_data["title"],
            as_of=timezone.localdate(),
        )
        messages.success(request, "Saved.")
    except InvalidChoice as refused:
        messages.error(request, f"Nothing was changed. {refused}")
    return redirect(shared_build)


def panel(result: EstimateResult | None) -> dict[str, Any]:
    """What the panel needs beside the result: pictures and the addresses that mend findings."""
    if result is None:
        return {"result": None}
    address = reverse("configurator:build")
    links = {}
    for finding in result.estimate.findings:
        if finding.fix and finding.fix.changes:
            try:
                changed = result.choice.replacing(dict(finding.fix.changes))
                links[finding.id] = (f"{address}?{changed.to_query()}", _change_in_words(finding.fix.changes))
            except InvalidChoice:  # a mend that contradicts another setting stays advice
                continue
    files = _known_files(result)
    return {
        "result": result,
        "pictures": draw(result.build, result.workload, result.estimate),
        "waterfall": waterfall(result.cost),
        "calculator_query": _calculator_query(result),
        "renting_query": _renting_query(result),
        "watch_query": _watch_query(result),
        "fix_links": links,
        "guide_says": guide_says(),
        "price_links": _price_links(result),
        "known_files": files,
        "known_files_sources": list(dict.fromkeys(file.source for file, _, _ in files if file.source)),
    }


def _price_links(result: EstimateResult) -> dict[str, list[tuple[str, Money, str]]]:
    """For each line the prices it could count at instead: where from, how much, and the address that switches."""
    address = reverse("configurator:build")
    return {
        line.slot: [
            (name, subtotal, f"{address}?{result.choice.replacing({f'{line.slot}_price_from': name}).to_query()}")
            for name, subtotal in line.others
        ]
        for line in result.lines
    }


def _calculator_query(result: EstimateResult) -> str:
    """What is shipped, as the landed-cost calculator's address; empty where nothing is."""
    lines = [line.priced for line in result.lines if line.priced.quantity]
    if not any(line.imported for line in lines):
        return ""
    kept = ("country", "region", "agent", "freight_mode", "entry_date", "compare_date", "exclusions_extended")
    settings = {name: result.choice[name] for name in kept} | {"freight_price": result.choice["freight_usd"]}
    return query_of_lines(lines, settings)


def _renting_query(result: EstimateResult) -> str:
    """This machine, to be compared with renting as many GPUs for as many hours."""
    return urlencode(
        {
            "purchase_usd": result.cost.total.mid,
            "gpus": result.build.gpu_count,
            "hours_per_day": result.supply.hours_per_day,
            "power_w": round(result.estimate.power.wall_w),
            "electricity_usd_per_kwh": result.supply.electricity_usd_per_kwh,
        }
    )


def _watch_query(result: EstimateResult) -> str:
    """The parts of this build with their numbers, to be watched together."""
    lines = ",".join(f"{line.priced.part}:{line.priced.quantity}" for line in result.lines if line.priced.quantity)
    kept = {name: result.choice[name] for name in ("country", "region") if result.choice[name]}
    return urlencode({"lines": lines, "whole": "true", **kept})


def _known_files(result: EstimateResult) -> list[tuple[KnownFile, str, bool]]:
    """Real files of the model, the address of the same build with each one's size, and whether that is this one."""
    address = reverse("configurator:build")
    rows = []
    for file in known_files(result.workload.model.slug):
        chosen = result.choice.replacing({"quant": file.quant, "weights_bytes": file.size_bytes})
        rows.append((file, f"{address}?{chosen.to_query()}", chosen == result.choice))
    return rows


def _change_in_words(changes: tuple[tuple[str, str], ...]) -> str:
    """What a click on a mend does: ``Power limit per GPU: 168``."""
    return ", ".join(f"{FIELD_BY_NAME[name].label}: {value or 'default'}" for name, value in changes)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a person sees whose form came without this site's cookie."""
    return render(request, "403.html", status=403)


def _form(request: HttpRequest) -> BuildForm:
    return BuildForm(request.GET, snapshot.current(), prices.agent_choices())


def _remember_edit_token(request: HttpRequest, shared_build: SharedBuild) -> None:
    """Keep the secret of the builds this browser made or may edit, the newest few of them."""
    kept = {**request.session.get(EDIT_TOKENS, {}), shared_build.slug: shared_build.edit_token}
    request.session[EDIT_TOKENS] = dict(list(kept.items())[-MOST_EDIT_TOKENS:])


def _shared_page(request: HttpRequest, slug: str) -> HttpResponse:
    shared_build = SharedBuild.objects.named(slug)
    if shared_build is None:
        return _gone(request)
    edit_token = request.session.get(EDIT_TOKENS, {}).get(slug, "")
    may_edit = shared_build.may_be_edited_with(edit_token)
    edit_path = reverse("configurator:edit", args=[slug, edit_token]) if may_edit else ""
    frozen = sharing.reopen(shared_build)
    now = sharing.today(shared_build, timezone.localdate())
    words = sharing.headline_in_words(shared_build.headline)
    seen = glance(shared_build.headline, frozen)
    share_url = request.build_absolute_uri(shared_build.get_absolute_url())
    context = {
        "shared": shared_build,
        "frozen": frozen,
        "today": now,
        "headline": words,
        "changes": sharing.changes(shared_build.headline, sharing.headline(now)) if now else [],
        "recomputed": sharing.changes(shared_build.headline, sharing.headline(frozen)) if frozen else [],
        "edit_url": request.build_absolute_uri(edit_path) if may_edit else "",
        "share_url": share_url,
        "glance": seen,
        "og": {
            "title": shared_build.title or seen.machine or "A Voltaic build",
            "description": seen.sentence,
            "image": request.build_absolute_uri(preview_path(shared_build)),
        },
        **panel(frozen),
    }
    response = render(request, "configurator/shared_build.html", context)
    response["X-Robots-Tag"] = "noindex"
    if may_edit:
        response["Cache-Control"] = "no-store"  # the secret edit link stands on this page
    return response


def _gone(request: HttpRequest, shared_build: SharedBuild | None = None) -> HttpResponse:
    """The 404 that helps; with ``shared_build`` it is only the edit link that is wrong."""
    context = {"presets": Preset.objects.for_start(), "shared": shared_build}
    response = render(request, "configurator/shared_gone.html", context, status=404)
    response["X-Robots-Tag"] = "noindex"
    return response


def _not_saved(request: HttpRequest, why: str) -> HttpResponse:
    """Back to the configurator with the reason; what was typed comes along in the address."""
    messages.error(request, f"Nothing was saved. {why}")
    return redirect(f"{reverse('configurator:build')}?{request.POST.get('query', '')[:MOST_QUERY_CHARACTERS]}")


def _sentences(form: Form) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)
