"""Builds on their way out and back in: exports of a choice and of a shared build, and the page that imports one."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from catalog import snapshot
from catalog.field_errors import shortened
from configurator import sharing
from configurator.choice import InvalidChoice
from configurator.exports.formats import FORMATS, Format
from configurator.exports.passed_on import PassedOn
from configurator.forms import BuildForm
from configurator.given_builds import NotABuild
from configurator.models import SharedBuild
from configurator.pasted_builds import LARGEST_TEXT, builds_in
from sourcing import prices
from sourcing.line_prices import told_to
from sourcing.quotes_key import quotes_key

_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


@require_safe
def export_build(request: HttpRequest, ending: str) -> HttpResponse:
    """The choice of the address in one format, without the offers of today."""
    form = BuildForm(request.GET, snapshot.current(), prices.agent_choices())
    kind = _format(ending)
    try:
        told = told_to(quotes_key(request), timezone.now())
        result = sharing.to_pass_on(form.choice(), as_of=timezone.localdate(), told=told)
    except InvalidChoice as refused:
        return _headed(HttpResponse(str(refused), status=422, content_type="text/plain; charset=utf-8"))
    address = request.build_absolute_uri(f"{reverse('configurator:build')}?{result.query}")
    return _exported(kind, ending, PassedOn(result, address))


@require_safe
def export_shared(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """A shared build as it was frozen, in one format."""
    kind = _format(ending)
    shared_build = SharedBuild.objects.named(slug)
    result = sharing.reopen(shared_build) if shared_build else None
    if shared_build is None or result is None:
        raise Http404("This shared build is gone.")
    address = request.build_absolute_uri(f"{reverse('configurator:build')}?{result.query}")
    saved_at = request.build_absolute_uri(shared_build.get_absolute_url())
    return _exported(kind, ending, PassedOn(result, address, shared_build.title, saved_at))


def _format(ending: str) -> Format:
    if ending not in FORMATS:
        raise Http404(f"No export ends in '{shortened(ending)}'. There are {', '.join(FORMATS)}.")
    return FORMATS[ending]


def _exported(kind: Format, ending: str, build: PassedOn) -> HttpResponse:
    response = HttpResponse(kind.write(build), content_type=kind.content_type)
    # Of slugs only, never of a title: whatever people typed stays out of the header.
    choice = build.result.choice
    words = f"{build.result.workload.model.slug} {choice['gpu_count']}x {choice['gpu']}"[:100].lower()
    name = f"voltaic-{_NOT_IN_NAMES.sub('-', words).strip('-')}.{ending}"
    response["Content-Disposition"] = f'{"attachment" if kind.is_file else "inline"}; filename="{name}"'
    return _headed(response)


def _headed(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class ImportForm(forms.Form):
    """A text or a file; with both, the file counts."""

    text = forms.CharField(
        label="Export or link",
        required=False,
        max_length=LARGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocapitalize": "off"}),
        error_messages={"max_length": f"The text has more than {LARGEST_TEXT:,} characters. Paste one build."},
        help_text="JSON as exported here or asked of the API, a post in Markdown or BBCode, the address of a build, or "
        "the address or name of one shared here. Of links to other sites only the settings in them are read.",
    )
    file = forms.FileField(label="Or a file: JSON, Markdown, BBCode, CSV", required=False, allow_empty_file=True)

    def clean_file(self) -> str:
        """The text of the file; empty where none was chosen."""
        chosen: UploadedFile | None = self.cleaned_data["file"]
        if chosen is None:
            return ""
        content: bytes = chosen.read(LARGEST_TEXT + 1)
        if len(content) > LARGEST_TEXT:
            raise forms.ValidationError(
                f"The file has more than {LARGEST_TEXT:,} bytes. Choose an export of one build."
            )
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise forms.ValidationError("The file is no text. Choose an export of a build.") from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("text") and not cleaned.get("file"):
            raise forms.ValidationError("Paste an export or a link, or choose a file that is not empty.")
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def import_build(request: HttpRequest) -> HttpResponse:
    """From an export or a link to the configurator with the same choice. Nothing of it is kept."""
    if request.method != "POST":
        return render(request, "configurator/import_build.html", {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        text = form.cleaned_data["file"] or form.cleaned_data["text"]
        try:
            builds = builds_in(text, host=request.get_host())
        except NotABuild as refused:
            form.add_error(None, str(refused))
        else:
            if len(builds) == 1:
                if builds[0].ignored:
                    names = ", ".join(shortened(name) for name in builds[0].ignored[:10])
                    messages.warning(request, f"Ignored, for no setting has this name: {names}.")
                return redirect(f"{reverse('configurator:build')}?{builds[0].query}")
            context["several"] = builds
    return render(request, "configurator/import_build.html", context, status=200 if "several" in context else 422)
