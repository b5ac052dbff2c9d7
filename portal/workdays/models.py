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
    # What came of it: how many open due days were counted anew, and how many of these moved.
    counted = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-year",)

    def __str__(self) -> str:
        return f"{self.year}: {self.reference}"


class CalendarDay(models.Model):
    """A day that differs from what library and weekday say: out of a year's notice, or set by the coordinator alone.

    A day that the coordinator set stands over the notice's: entering a notice again replaces the notice's own days only.
    """

    date = models.DateField(_("day"), primary_key=True)
    is_workday = models.BooleanField(_("working day"))
    reason = models.CharField(_("reason"), max_length=200)
    # Null: the coordinator set the day by itself.
    notice = models.ForeignKey(NoticeYear, null=True, blank=True, on_delete=models.PROTECT, related_name="days")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.date}: {'work' if self.is_workday else 'rest'}"
