"""The one JSON API. Each app has its own router; this module mounts them."""

from ninja import NinjaAPI

from catalog.api import router as catalog_router
from configurator.api import router as configurator_router
from configurator.recommend_api import router as recommend_router
from sourcing.api import router as sourcing_router

api = NinjaAPI(
    title="Voltaic API",
    version="1",
    description="Everything the pages compute. Figures are estimates; each part and model names its sources.",
    urls_namespace="api",
)
api.add_router("", configurator_router)
api.add_router("", recommend_router)
api.add_router("", sourcing_router)
api.add_router("", catalog_router)
