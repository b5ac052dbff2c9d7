"""The portal's settings as the tests run them: without TLS, with quick hashes and plain static files."""

import os

os.environ.setdefault("PORTAL_HTTPS", "false")
os.environ.setdefault("LOG_LEVEL", "ERROR")
# Playwright's loop runs in the thread of the tests that also ask the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
os.environ.setdefault("CACHE_KEY_PREFIX", f"test{WORKER}")

from portal import embedded
from portal.settings import *  # noqa: F403 - the environment above must stand first
from portal.settings import CACHES, REDIS_URL, STORAGES

# Emptying a Redis cache empties its whole database, so that workers side by side need one each; 0 and 1 are the portal's.
CACHES["default"]["LOCATION"] = embedded.cache_url(REDIS_URL, database=2 + int(WORKER.removeprefix("gw")) % 14)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
