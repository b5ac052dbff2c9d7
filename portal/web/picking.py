"""One of many, found by typed words: one match is taken, several are offered in the same form."""

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.web.pages import Text

# More than this cannot be chosen from at a glance.
OFFERED = 12


class Candidate(NamedTuple):
    """Something that the words may mean: its value in the form, how it is described, the thing itself."""

    value: str
    label: str
    thing: Any


class PickForm(forms.Form):
    """A form with a text field that names one of many. Its cleaned value is the thing.

    Sets: `picked` (the text field), `unknown` (the sentence when nothing matches, with `%(text)s`). Overrides
    `candidates`, which answers at most OFFERED + 1. What was typed stays; the choice is asked beside it.
    """

    picked: ClassVar[str]
    unknown: ClassVar[Text] = _("Nothing matches “%(text)s”.")
    chosen: ClassVar[str] = "chosen"

    def candidates(self, words: str) -> Sequence[Candidate]:
        """What the words may mean; a single one where they say it exactly."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Turn the words into the thing."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        words = " ".join(str(cleaned.get(self.picked) or "").split())
        if words:
            cleaned[self.picked] = self._pick(words)
        return cleaned

    def _pick(self, words: str) -> Any:
        found = self.candidates(words)
        if not found:
            self.add_error(self.picked, str(self.unknown) % {"text": words})
            return None
        if len(found) == 1:
            return found[0].thing
        if len(found) > OFFERED:
            sentence = _t("More than %(limit)s match “%(text)s”. Type more of the name.")
            self.add_error(self.picked, sentence % {"limit": OFFERED, "text": words})
            return None
        return self._choose(found)

    def _choose(self, found: Sequence[Candidate]) -> Any:
        """The one that was chosen; else the field to choose by."""
        field = forms.ChoiceField(
            label=_("Which of them"),
            choices=[(candidate.value, candidate.label) for candidate in found],
            widget=forms.RadioSelect,
            required=False,
        )
        names = list(self.fields)
        self.fields[self.chosen] = field
        names.insert(names.index(self.picked) + 1, self.chosen)
        self.order_fields(names)
        value = self.data.get(self.add_prefix(self.chosen))
        for candidate in found:
            if candidate.value == value:
                return candidate.thing
        count = len(found)
        sentence = ngettext("%(count)s matches. Choose one.", "%(count)s match. Choose one.", count)
        self.add_error(self.chosen, sentence % {"count": count})
        return None
