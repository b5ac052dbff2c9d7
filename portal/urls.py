"""Addresses of the portal: every app writes its own, as words."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from portal.web import errors

urlpatterns = [
    path("", include("portal.health")),
    path("", include("portal.dashboard.urls")),
    path("", include("portal.accounts.urls")),
    path("", include("portal.web.urls")),
    path("", include("portal.organisation.urls")),
    path("", include("portal.notices.urls")),
    path("", include("portal.documents.urls")),
    path("", include("portal.network.urls")),
    path("", include("portal.obligations.urls")),
    path("", include("systems.urls")),
    path("", include("cases.urls")),
    path("", include("responsibility.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.append(path("", include("portal.demo.urls")))

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many_requests
handler500 = errors.server_error
