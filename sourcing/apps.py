from django.apps import AppConfig


class SourcingConfig(AppConfig):
    name = "sourcing"

    def ready(self) -> None:
        from catalog import load as catalog_load
        from sourcing import watch_parts
        from sourcing.load import load

        catalog_load.register("bands", load)
        catalog_load.register("watches", watch_parts.reconnect)

        from anymail.signals import tracking

        from sourcing.suppression import on_tracking

        tracking.connect(on_tracking, dispatch_uid="sourcing.suppression")
