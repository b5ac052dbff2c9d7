from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeYear(models.Model):
    """A year whose holiday notice (General Office of the State Council) the coordinator entered.

    Until a year stands here or in the library's decreed data, its working days are provisional.
    """

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    reference = models.CharField(
        _("number of the notice"), max_length=120, help_text=_("As printed, for example 国办发明电〔2026〕7号.")
    )
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        ordering = ("-year",)

    def __str__(self) -> str:
        return f"{self.year}: {self.reference}"


class CalendarDay(models.Model):
    """A day that differs from what library and weekday say, by the coordinator's entry."""

    date = models.DateField(_("day"), primary_key=True)
    is_workday = models.BooleanField(_("working day"))
    reason = models.CharField(_("reason"), max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.date}: {'work' if self.is_workday else 'rest'}"
