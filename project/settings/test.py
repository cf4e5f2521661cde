"""What tests change: a throwaway data folder and key, quick hashing, tasks run in place."""

import atexit
import os
import shutil
import tempfile

_data_dir = tempfile.mkdtemp(prefix="voltaic-test-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["VOLTAIC_DATA_DIR"] = _data_dir
os.environ["VOLTAIC_SECRET_KEY"] = "only-for-tests-" + "x" * 40
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "sqlite://:memory:")

from project.settings.base import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
EVEN_ANSWER_SECONDS = 0.0
