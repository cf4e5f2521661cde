"""A build out of what people paste: an address of the configurator, a shared link, or the name of something known."""

from urllib.parse import urlsplit

from catalog.field_errors import FieldError, shortened
from catalog.models import Preset
from catalog.snapshot import Catalog
from configurator.choice import BuildChoice, InvalidChoice
from configurator.estimates import read_choice
from configurator.models import SharedBuild
from configurator.sharing import choice_from_query
from configurator.starting import machine_with

LONGEST = 2000
"""Characters of a link; the address of a build has less than half of that."""
SHARED = "b"


def read_link(text: str, catalog: Catalog) -> BuildChoice:
    """The build somebody means.

    Raises:
        InvalidChoice: with a sentence, where it is none.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise _not_a_build(f"is longer than {LONGEST:,} characters; save the build and paste its short link.")
    try:
        path, query = urlsplit(text).path, urlsplit(text).query
    except ValueError:
        raise _not_a_build(f"'{shortened(text)}' is not an address.") from None
    if not query and "=" in path:
        path, query = "", path
    folders = [folder for folder in path.split("/") if folder]
    if SHARED in folders[:-1]:
        return _shared(folders[folders.index(SHARED) + 1])
    if query:
        choice = choice_from_query(query)
        if not choice["gpu"]:
            raise _not_a_build("names no GPU: paste the whole address of a build.")
        return choice
    slug = folders[-1] if folders else text
    if preset := Preset.objects.filter(slug=slug).first() if "\0" not in slug else None:
        return read_choice(preset.query)
    if slug in catalog.gpus or slug in catalog.carriers:
        return read_choice(machine_with(slug, catalog))
    return _shared(slug)


def _shared(slug: str) -> BuildChoice:
    shared = SharedBuild.objects.named(slug)
    if shared is None:
        raise _not_a_build(
            f"'{shortened(slug)}' is no build: paste the address of one, the link of a shared one, or the name of a "
            "platform such as quad-board-taq-sxm2-4p5a5."
        )
    return choice_from_query(shared.query)


def _not_a_build(why: str) -> InvalidChoice:
    return InvalidChoice([FieldError("", why)])
