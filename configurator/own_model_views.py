"""Adding a language model of one's own: by its name on the hub, its config.json, or a GGUF file."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from catalog.snapshot import UnknownSlug
from configurator.known_files import known_files
from configurator.models import OwnModel
from configurator.own_models.add import LARGEST_UPLOAD, CannotAdd, ChooseFile, add_file, add_text
from configurator.own_models.addresses import LONGEST
from configurator.own_models.find import spec_of


class AddModelForm(forms.Form):
    """A text or a file; with both, the file counts."""

    source = forms.CharField(
        label="Name, address or config.json",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "off"}),
        error_messages={"max_length": f"The text has more than {LONGEST:,} characters."},
    )
    file = forms.FileField(label="Or a file: GGUF or config.json", required=False, allow_empty_file=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("source") and not cleaned.get("file"):
            raise forms.ValidationError("Paste a name, an address or a config.json, or choose a file.")
        return cleaned

    def add(self) -> OwnModel:
        """Keep the model. Raises CannotAdd and ChooseFile."""
        chosen: UploadedFile | None = self.cleaned_data["file"]
        if chosen is not None:
            return add_file(chosen.name or "", chosen.read(LARGEST_UPLOAD))
        return add_text(self.cleaned_data["source"])


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The form; once a model is kept, on to the build with it."""
    if request.method != "POST":
        return render(request, "configurator/add_model.html", {"form": AddModelForm(initial=request.GET.dict())})
    form = AddModelForm(request.POST, request.FILES)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            own_model = form.add()
        except CannotAdd as refused:
            form.add_error(None, str(refused))
        except ChooseFile as several:
            context["several"] = several
        else:
            messages.success(request, f"Added {own_model.name}. Its address is yours to keep: nobody else finds it.")
            return redirect(own_model)
    return render(request, "configurator/add_model.html", context, status=200 if "several" in context else 422)


@require_safe
def own_model(request: HttpRequest, slug: str) -> HttpResponse:
    """What was understood of an added model, its files, and the way on to a build."""
    row = OwnModel.objects.named(slug)
    if row is None:
        raise Http404(str(UnknownSlug("model", slug, ())))
    spec = spec_of(row)
    quant = spec.file.quant if spec.file else "Q4_K_M"
    query = urlencode({"model": row.slug, "quant": quant})
    context = {
        "row": row,
        "spec": spec,
        "build_url": f"{reverse('configurator:build')}?{query}",
        "files": known_files(row.slug),
    }
    response = render(request, "configurator/own_model.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
