"""Whether the portal lives, and whether it can serve: for the load balancer and for `make demo`."""

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from redis.exceptions import RedisError

REDIS_SECONDS = 1


class HealthMiddleware:
    """Answers before everything else: who asks is a machine that names no host of ours, and no session or TLS is needed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or the next middleware's."""
        view = VIEWS.get(request.path)
        return view(request) if view is not None else self.get_response(request)


def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> JsonResponse:
    """Database, Redis and migrations are in order: 200, or 503 with what is missing."""
    missing = [name for name, check in CHECKS.items() if not check()]
    if missing:
        return JsonResponse({"status": "not ready", "missing": missing}, status=503)
    return JsonResponse({"status": "ready"})


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    """Asked itself: the cache answers without it."""
    options = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS, "retry": None}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **options) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False


def _migrations() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


CHECKS = {"database": _database, "redis": _redis, "migrations": _migrations}
VIEWS = {"/health/live": live, "/health/ready": ready}
urlpatterns = [path("health/live", live, name="health_live"), path("health/ready", ready, name="health_ready")]
