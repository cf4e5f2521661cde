"""The product's settings with the empty view among the addresses."""

from project.settings.base import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
