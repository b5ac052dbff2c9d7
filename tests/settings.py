"""The portal's settings as the tests run them: without TLS, with quick hashes and plain static files."""

import os

os.environ.setdefault("PORTAL_HTTPS", "false")
os.environ.setdefault("LOG_LEVEL", "ERROR")
# The tests of the second factor demand it; the others sign in with a password alone.
os.environ.setdefault("SECOND_FACTOR_REQUIRED", "false")
# Playwright's loop runs in the thread of the tests that also ask the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Emptying a Redis cache empties its whole database: workers side by side need one each; 0 and 1 are the portal's. Set, not
# offered: a worker inherits what the process that started it has set for itself.
os.environ["CACHE_KEY_PREFIX"] = f"test{os.environ.get('PYTEST_XDIST_WORKER', '')}"
os.environ["CACHE_DATABASE"] = str(2 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 14)

from portal.settings import *  # noqa: F403 - the environment above must stand first
from portal.settings import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
