"""The programme's own facts: who coordinates it, under which regulations, by which numbers."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.audit.tracking import history
from portal.web.i18n import Bilingual, localized


@pghistory.track(*history())
class Programme(Bilingual):
    """The one row of the programme's settings. What stands here stands nowhere in a template."""

    site_name_en = models.CharField(_("name of the site in English"), max_length=120)
    site_name_zh = models.CharField(_("name of the site in Chinese"), max_length=120)
    # A procuratorate, or a supervisory or discipline commission.
    body_en = models.CharField(_("coordinating body in English"), max_length=200)
    body_zh = models.CharField(_("coordinating body in Chinese"), max_length=200)
    seal_en = models.CharField(_("name on the seal in English"), max_length=200)
    seal_zh = models.CharField(_("name on the seal in Chinese"), max_length=200)
    referral_en = models.CharField(_("cases are referred to, in English"), max_length=200)
    referral_zh = models.CharField(_("cases are referred to, in Chinese"), max_length=200)
    regulations_en = models.CharField(_("regulations it rests on, in English"), max_length=300)
    regulations_zh = models.CharField(_("regulations it rests on, in Chinese"), max_length=300)
    # 青石预责 gives 青石预责〔2026〕31号; QS-YZ gives QS-YZ [2026] No. 31.
    letter_prefix_en = models.CharField(_("prefix of letters' numbers in English"), max_length=20)
    letter_prefix_zh = models.CharField(_("prefix of letters' numbers in Chinese"), max_length=20)
    case_prefix_en = models.CharField(_("prefix of cases' numbers in English"), max_length=20)
    case_prefix_zh = models.CharField(_("prefix of cases' numbers in Chinese"), max_length=20)
    contact = models.CharField(_("whom to ask: name and telephone"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="programme_is_one")]

    def __str__(self) -> str:
        return self.name

    @property
    def site_name(self) -> str:
        """The site's name in the active language."""
        return localized(self, "site_name")

    @property
    def body(self) -> str:
        """The coordinating body."""
        return localized(self, "body")

    @property
    def regulations(self) -> str:
        """The regulations the programme rests on."""
        return localized(self, "regulations")

    @property
    def referral(self) -> str:
        """To whom cases are referred."""
        return localized(self, "referral")

    def letter_number(self, year: int, serial: int) -> dict[str, str]:
        """The number of a letter in both languages; the year in hexagonal brackets, no leading zeros."""
        return {
            "en": f"{self.letter_prefix_en} [{year}] No. {serial}",
            "zh-hans": f"{self.letter_prefix_zh}〔{year}〕{serial}号",
        }

    def case_number(self, year: int, serial: int) -> dict[str, str]:
        """The number of an accountability case in both languages."""
        return {
            "en": f"{self.case_prefix_en} [{year}] No. {serial}",
            "zh-hans": f"{self.case_prefix_zh}〔{year}〕{serial}号",
        }


class ProgrammeYear(models.Model):
    """A year of the programme: by when its letters are signed."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    signing_due_on = models.DateField(_("letters are signed by"))

    class Meta:
        ordering = ("-year",)

    def __str__(self) -> str:
        return str(self.year)
