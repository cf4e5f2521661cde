"""The real catalog, loaded once: tests of pages and estimates use the data the product ships."""

import os

import pytest
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

# Playwright's synchronous API runs an event loop in this thread, which Django would otherwise refuse to share.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        call_command("load_catalog", verbosity=0)
