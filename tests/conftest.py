"""The real catalog, loaded once: tests of pages and estimates use the data the product ships."""

import os

import pytest
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

# Playwright's synchronous API runs an event loop in this thread, which Django would otherwise refuse to share.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


# One long test after all the others would keep one process busy and the rest waiting.
LONG = (
    "tests/sourcing/test_alerts_are_sent_once.py",
    "tests/sourcing/test_poll_worker_dies.py",
    "tests/sourcing/marketplaces/test_workers.py",
    "tests/sourcing/test_poll_faults.py",
    "tests/project/test_worker.py",
    "tests/e2e/",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long ones first; on another database than usual, those that use one only."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
    if "TEST_DATABASE_URL" in os.environ:
        config.hook.pytest_deselected(items=[item for item in items if not _uses_database(item)])
        items[:] = [item for item in items if _uses_database(item)]


def _uses_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or bool({"db", "transactional_db"} & set(fixtures))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        call_command("load_catalog", verbosity=0)
