"""Pictures with an address of their own: the curves of a build, and the preview of a shared one."""

from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from catalog import snapshot
from catalog.htmx import HtmxRequest, page_or_partial
from catalog.templatetags.quantities import day
from configurator import sharing
from configurator.choice import BuildChoice, InvalidChoice
from configurator.curve_picture import CurvePictures, curve_pictures
from configurator.curves import curves
from configurator.estimates import specs
from configurator.estimation.estimate import ENGINE_VERSION
from configurator.estimation.memory import CannotEstimate
from configurator.estimation.types import Build, Workload
from configurator.forms import BuildForm
from configurator.glance import glance
from configurator.models import SharedBuild
from configurator.preview_picture import Preview, preview_png

CURVES_KEPT = 256
PREVIEWS_KEPT = 128  # of some 40 KB each, in every web process
PREVIEW_SECONDS = 3600  # a build that is changed gets another address for its picture at once


def preview_version(shared_build: SharedBuild) -> str:
    """Changes whenever the picture may: with the build, the estimator and the names in the catalog."""
    stamp = snapshot.stamp()
    told = f"{shared_build.slug} {shared_build.updated_at.isoformat()} {ENGINE_VERSION} {stamp}"
    return sha256(told.encode()).hexdigest()[:16]


def preview_path(shared_build: SharedBuild) -> str:
    """The address of a build's preview picture; previews are kept by address, so it holds the version."""
    return f"{reverse('configurator:shared_picture', args=[shared_build.slug])}?v={preview_version(shared_build)}"


@require_safe
def build_curves(request: HtmxRequest) -> HttpResponse:
    """Speed against depth, power limit and streams. The configurator loads it when it comes into sight; without
    JavaScript it is a page."""
    with snapshot.one_state() as state:
        form = BuildForm(request.GET, snapshot.current(), [])
        context: dict[str, Any] = {"form": form}
        try:
            choice = form.choice()
            build, workload, pictures = _curves(state, choice)
            context |= {"query": choice.to_query(), "build": build, "workload": workload, "pictures": pictures}
        except InvalidChoice as refused:
            form.refuse(refused)
        except CannotEstimate as refused:
            context |= {"refusal": str(refused)}
    return page_or_partial(request, "configurator/curves.html", "curves", context)


@lru_cache(maxsize=CURVES_KEPT)
def _curves(_catalog: snapshot.Stamp | None, choice: BuildChoice) -> tuple[Build, Workload, CurvePictures]:
    """The curves of a choice in one state of the catalog. People move back and forth between the same few settings.

    Raises:
        InvalidChoice, CannotEstimate: as ``specs`` and ``curves`` do.
    """
    build, workload, supply = specs(choice, snapshot.current(), None)
    return build, workload, curve_pictures(curves(build, workload, supply))


@require_safe
def shared_picture(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The picture that shows where the link of a shared build is posted."""
    shared_build = SharedBuild.objects.named(slug)
    if shared_build is None:
        raise Http404("This shared build is gone.")
    with snapshot.one_state():
        version = preview_version(shared_build)
        etag = quote_etag(version)
        response = get_conditional_response(request, etag)
        if response is None:
            response = HttpResponse(_preview(version, slug), content_type="image/png")
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={PREVIEW_SECONDS}"
    response["X-Robots-Tag"] = "noindex"
    return response


@lru_cache(maxsize=PREVIEWS_KEPT)
def _preview(_version: str, slug: str) -> bytes:
    """The picture of one version of a build, which is all that it depends on."""
    shared_build = SharedBuild.objects.named(slug)
    if shared_build is None:
        raise Http404("This shared build is gone.")
    seen = glance(shared_build.headline, sharing.reopen(shared_build))
    return preview_png(Preview(shared_build.title, f"as of {day(shared_build.as_of)}", seen))
