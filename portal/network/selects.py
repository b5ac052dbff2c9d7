"""The filters that are chosen from a list, kept as drawn by each process for a minute.

The catalogues of types and sectors change rarely, and drawing their lists takes longer than a search.
"""

import time

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.network.filters import NetworkFilter

SECONDS = 60
# Every choice of type, sector and level in both languages stays well below it.
KEPT_MAX = 500
_kept: dict[tuple[str, ...], tuple[float, SafeString]] = {}


def drawn(chosen: NetworkFilter) -> SafeString:
    """The lists with what is chosen; drawn anew where something cannot be understood, and is said."""
    if not chosen.is_valid():
        return render_to_string("network/selects.html", {"filter": chosen})
    key = (get_language() or "", *(str(chosen.data.get(name, "")) for name in ("type", "sector", "level")))
    until, text = _kept.get(key, (0.0, SafeString("")))
    if until < time.monotonic():
        if len(_kept) >= KEPT_MAX:
            _kept.clear()
        text = render_to_string("network/selects.html", {"filter": chosen})
        _kept[key] = (time.monotonic() + SECONDS, text)
    return text
