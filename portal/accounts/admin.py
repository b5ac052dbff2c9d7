from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest

from portal.accounts.models import Grant, User

# Its own sign-in page knows no limits of tries: who comes there is led to the portal's.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Operators look; what changes goes through the portal's verbs, which log it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nothing is deleted here."""
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("username", "name_en", "name_zh", "email", "is_active", "last_login")
    search_fields = ("username", "name_en", "name_zh", "email")
    exclude = ("password",)


@admin.register(Grant)
class GrantAdmin(ReadOnlyAdmin):
    list_display = ("user", "role", "path", "granted_at", "revoked_at")
    list_filter = ("role",)
