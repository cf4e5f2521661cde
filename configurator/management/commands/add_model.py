"""``manage.py add_model Qwen/Qwen3-8B``, an address, a config.json or a GGUF file: keep it and print its page."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from configurator.own_models.add import LARGEST_HEAD, CannotAdd, ChooseFile, add_file, add_text


class Command(BaseCommand):
    help = "Add a language model by its name on the hub, an address there, or a file: config.json or GGUF."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="Qwen/Qwen3-8B, an address of a GGUF file, or a path on this machine")

    def handle(self, *args: Any, source: str, **options: Any) -> None:
        path = Path(source)
        try:
            if path.is_file():
                with path.open("rb") as file:
                    row = add_file(path.name, file.read(LARGEST_HEAD))
            else:
                row = add_text(source)
        except ChooseFile as several:
            quants = ", ".join(file.quant or file.path for file in several.files)
            raise CommandError(
                f"{several.repository} holds several files. Name one after a colon, as in "
                f"{several.repository}:{several.files[0].quant}. It has: {quants}."
            ) from None
        except CannotAdd as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{row.slug}  {row.name}\n{row.get_absolute_url()}")
