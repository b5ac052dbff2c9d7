"""The words of this room that lower floors keep: the kinds of notice, the sentences of the log."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "punishments.imported": _("Decisions on penalties imported"),
    "punishments.exported": _("Decisions on penalties exported"),
    "punishments.screened": _("Decisions on penalties screened"),
    "hit.dismissed": _("Hit of a screening rule dismissed"),
    "screening_rule.changed": _("Screening rule changed"),
}
