from django.apps import AppConfig


class SourcingConfig(AppConfig):
    name = "sourcing"

    def ready(self) -> None:
        from catalog import load as catalog_load
        from sourcing.load import load

        catalog_load.register("bands", load)
