"""Pages of watches: make one, confirm it, manage all of them, stop. A link of a mail never acts by being opened."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from catalog.htmx import HtmxRequest, page_or_partial
from sourcing import prices, watch_owner, watching
from sourcing.marketplaces import MARKETPLACES
from sourcing.request_limits import TooMany, address_of
from sourcing.watch_form import (
    LinkForm,
    NewWatchForm,
    PreferencesForm,
    WishForm,
    first_values,
    query_of_the_rest,
    values_of,
)
from sourcing.watch_models import Watch
from sourcing.watch_preview import preview, suggested_targets
from sourcing.watch_tokens import BadToken
from sourcing.watch_wishes import InvalidWatch

LONGEST_NUMBER = 18
PAGES = require_http_methods(["GET", "HEAD", "POST"])


@PAGES
@never_cache
def new(request: HtmxRequest) -> HttpResponse:
    """The form. Made, it says to look at one's mails, whether or not the address is known here."""
    token = "" if "other_address" in request.POST else watch_owner.token_of(request)
    owner = watch_owner.owner_of(token)
    if request.method != "POST":
        return _form_page(request, NewWatchForm(first_values(request.GET.dict()), owner=owner))
    form = NewWatchForm(request.POST, owner=owner)
    if "other_address" in request.POST:
        form.errors.clear()  # it is only asked for
        response = _form_page(request, form)
        watch_owner.forget(response)
        return response
    if "preview" not in request.POST and form.is_valid():
        try:
            created = watching.create_watch(
                form.wish,
                form.cleaned_data.get("address", ""),
                form.cleaned_data.get("time_zone", ""),
                address_of(request),
                timezone.now(),
                manage_token=token,
            )
        except InvalidWatch as refused:
            form.refuse(refused)
        except TooMany as refused:
            form.add_error(None, str(refused))
        else:
            if created.confirmed:
                messages.success(request, _watches_now(created))
                return redirect("sourcing:manage_watches", token)
            return render(request, "sourcing/watch/sent.html", {"left_out": created.left_out, "embedded": _embedded()})
    return _form_page(request, form, status=200 if "preview" in request.POST else 422)


@PAGES
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button: mail scanners open links, and must not confirm for anybody."""
    try:
        watch = watching.confirm(token, timezone.now()) if request.method == "POST" else watching.look_up(token)
    except BadToken as bad:
        return _bad_link(request, bad)
    region = prices.region_names(watch.country).get(watch.region, "")
    marketplace = MARKETPLACES[watch.marketplace].name if watch.marketplace in MARKETPLACES else ""
    from_country = f"from {watch.offer_country}" if watch.offer_country else ""
    context = {
        "watch": watch,
        "is_on": watch.confirmed_at is not None and watch.paused_at is None,
        "destination": ", ".join(filter(None, (region, prices.country_names().get(watch.country, watch.country)))),
        "offers": ", ".join(filter(None, (marketplace, watch.offer_condition, from_country))),
    }
    return _secret(render(request, "sourcing/watch/confirm.html", context))


@PAGES
@never_cache
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """All of a person's watches, and what can be done with them."""
    try:
        if request.method == "POST":
            return _act(request, token)
        managed = watching.manage(token)
    except BadToken as bad:
        return _bad_link(request, bad)
    except Watch.DoesNotExist:
        raise Http404("This watch is not there any more.") from None
    owner = managed.subscriber
    form = PreferencesForm(initial={"time_zone": owner.time_zone, "digest_hour": owner.digest_hour})
    context = {
        "managed": managed,
        "token": token,
        "form": form,
        "rows": [(watch, managed.last_alert.get(watch.pk)) for watch in managed.watches],
    }
    return _secret(render(request, "sourcing/watch/manage.html", context))


@PAGES
@never_cache
def edit(request: HtmxRequest, token: str, pk: int) -> HttpResponse:
    """One of a person's watches, with the form it was made by."""
    try:
        watch = next((one for one in watching.manage(token).watches if one.pk == pk), None)
        if watch is None:
            raise Http404("This watch is not there any more.")
        if watch.gone:
            return redirect("sourcing:manage_watches", token)  # there it says which part is gone, and what can be done
        form = WishForm(request.POST if request.method == "POST" else values_of(watch))
        if request.method == "POST" and "preview" not in request.POST and form.is_valid():
            watching.edit_watch(token, pk, form.wish, timezone.now())
            messages.success(request, "The watch is changed. It looks at what is on offer anew.")
            return redirect("sourcing:manage_watches", token)
    except BadToken as bad:
        return _bad_link(request, bad)
    except InvalidWatch as refused:
        form.refuse(refused)
    status = 422 if request.method == "POST" and form.errors and "preview" not in request.POST else 200
    return _secret(_form_page(request, form, status=status, token=token, watch=watch))


@csrf_exempt
@PAGES
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stops by a POST only: of the button, or of a mail program (RFC 8058), which has no cookie of ours."""
    try:
        if request.method == "POST":
            watching.unsubscribe(token, timezone.now())
        watches = watching.what_it_ends(token)
    except BadToken as bad:
        return _bad_link(request, bad)
    context = {"watches": watches, "stopped": all(watch.paused_at for watch in watches)}
    return _secret(render(request, "sourcing/watch/unsubscribe.html", context))


@PAGES
@never_cache
def never(request: HttpRequest, token: str) -> HttpResponse:
    """No more mails to a mailbox, whoever asks for them; by a button only."""
    try:
        if request.method == "POST":
            watching.never_write_again(token, timezone.now())
        else:
            watching.look_up_never(token)
    except BadToken as bad:
        return _bad_link(request, bad)
    return _secret(render(request, "sourcing/watch/never.html", {"done": request.method == "POST"}))


@PAGES
@never_cache
def link(request: HttpRequest) -> HttpResponse:
    """A new link to one's watches, by mail. The answer is the same for every address."""
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            watching.request_manage_link(form.cleaned_data["address"], address_of(request), timezone.now())
        except InvalidWatch as refused:
            form.add_error("address", " ".join(error.message for error in refused.errors))
        except TooMany as refused:
            form.add_error(None, str(refused))
        else:
            return render(request, "sourcing/watch/sent.html", {"for_link": True, "embedded": _embedded()})
    return render(request, "sourcing/watch/link.html", {"form": form}, status=422 if form.errors else 200)


def _act(request: HttpRequest, token: str) -> HttpResponse:
    """One button of the manage page. Raises BadToken, Watch.DoesNotExist."""
    asked, now = request.POST, timezone.now()
    given = asked.get("watch", "")
    watch = int(given) if given.isdecimal() and len(given) <= LONGEST_NUMBER else 0
    match asked.get("do"):
        case "pause":
            watching.pause_watch(token, watch, now)
            messages.success(request, "Paused: no mails come of it.")
        case "resume":
            watching.resume_watch(token, watch)
            messages.success(request, "It watches again.")
        case "delete":
            watching.delete_watch(token, watch)
            messages.success(request, "The watch is deleted.")
        case "preferences":
            _prefer(request, token)
        case "another":
            watching.manage(token)  # a good link only
            return _known(redirect("catalog:part_list"), token)
        case "rest":
            lost = next((one for one in watching.manage(token).watches if one.pk == watch), None)
            if lost is None:
                raise Http404("This watch is not there any more.")
            return _known(redirect(f"{reverse('sourcing:new_watch')}?{query_of_the_rest(lost)}"), token)
        case "delete-everything":
            watching.delete_everything(token)
            messages.success(
                request, "Everything of yours is deleted: your address, your watches, the record of your mails."
            )
            response = redirect("configurator:start")
            watch_owner.forget(response)
            return response
        case _:
            raise Http404("There is no such button.")
    return redirect("sourcing:manage_watches", token)


def _known(response: HttpResponse, token: str) -> HttpResponse:
    watch_owner.remember(response, token)
    return response


def _prefer(request: HttpRequest, token: str) -> None:
    form = PreferencesForm(request.POST)
    if form.is_valid():
        watching.set_preferences(token, form.cleaned_data["time_zone"], form.cleaned_data["digest_hour"])
        messages.success(request, "Saved.")
    else:
        messages.error(request, "Nothing was changed. Choose a time zone and an hour of the lists.")


def _watches_now(created: watching.Created) -> str:
    left_out = f" Not watched, because no marketplace is searched for it: {', '.join(created.left_out)}."
    return f"It watches. No second mail was needed.{left_out if created.left_out else ''}"


def _form_page(request: HtmxRequest, form: WishForm, status: int = 200, **more: Any) -> HttpResponse:
    """The form with what the watch would do now. htmx gets that only."""
    context = {"form": form, "would": None, "suggested": (), **more}
    is_incomplete = "region" in form.errors and request.method != "POST"
    if is_incomplete:
        context["why_not"] = "choose your state or province"
    if form.parts and not form.fields.keys() & form.errors.keys() - {"address"}:
        try:
            context["would"] = preview(form.wish, timezone.now())
        except InvalidWatch as refused:
            context["why_not"] = " ".join(error.message for error in refused.errors)
    if len(form.parts) == 1 and (currency := form.cleaned_data.get("currency")) and not form.cleaned_data.get("whole"):
        context["suggested"] = suggested_targets(form.parts[0][0], form.destination, currency, timezone.now())
    if is_incomplete:
        form.errors.pop("region")  # who has only just opened the form has made no mistake
    response = page_or_partial(request, "sourcing/watch/form.html", "would", context)
    response.status_code = status
    return response


def _bad_link(request: HttpRequest, bad: BadToken) -> HttpResponse:
    return render(request, "sourcing/watch/bad_link.html", {"why": str(bad)}, status=410 if bad.expired else 404)


def _secret(response: HttpResponse) -> HttpResponse:
    """Pages whose address is a secret are not indexed. No page of ours tells another site where one comes from; to
    say no-referrer here would hide it from ourselves too, and every button would be refused as another site's."""
    response["X-Robots-Tag"] = "noindex"
    return response


def _embedded() -> str:
    """Where mails can be read that no server sends; empty where one does."""
    return reverse("sourcing:kept_mails") if settings.MAILS_SHOWN else ""
