"""Where a figure is from, as a line of text with a link."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from catalog.provenance import Source

register = template.Library()


@register.filter
@lru_cache(maxsize=2048)
def cite(source: Source) -> SafeString:
    """The source as ``_source.html`` draws it. The same few sources stand on every page, so each is drawn once."""
    return render_to_string("_source.html", {"source": source})
