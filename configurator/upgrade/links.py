"""A build out of what people paste: the name of something known, or whatever else gives a build."""

from catalog.models import Preset
from catalog.snapshot import Catalog
from configurator.choice import BuildChoice
from configurator.estimates import read_choice
from configurator.given_builds import NotABuild, read_reference
from configurator.starting import machine_with


def read_link(text: str, catalog: Catalog, *, host: str) -> BuildChoice:
    """The build somebody means: a preset, a GPU or a platform by its slug, else as ``read_reference`` reads it.

    Raises:
        NotABuild: with a sentence, where it is none.
    """
    name = text.strip().rstrip("/").rpartition("/")[2]
    if "\0" not in name and (preset := Preset.objects.filter(slug=name).first()):
        return read_choice(preset.query)
    if name in catalog.gpus or name in catalog.carriers:
        return read_choice(machine_with(name, catalog))
    choice = read_reference(text, host=host).choice
    if not choice["gpu"]:
        raise NotABuild("It names no GPU: paste the whole address of a build.")
    return choice
