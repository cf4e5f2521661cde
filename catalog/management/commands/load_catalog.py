from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.load import CatalogError, load_all


class Command(BaseCommand):
    help = "Check the data files and bring the database in line with them. Writes nothing where a file is wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = load_all()
        except CatalogError as error:
            count = len(error.errors)
            raise CommandError(f"nothing was loaded, {count} error{'s' if count > 1 else ''}:\n{error}") from error
        if options["verbosity"] > 0:
            for name, counts in done.items():
                self.stdout.write(f"{name}: {counts}")
