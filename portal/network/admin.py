from django.contrib import admin

from portal.accounts.admin import ReadOnlyAdmin
from portal.network.models import Correction


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    list_display = (
        "unit",
        "field",
        "value_then",
        "value_proposed",
        "state",
        "proposed_by",
        "proposed_at",
        "decided_at",
    )
    list_filter = ("state", "field")
