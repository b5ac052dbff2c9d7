"""Who supervises whom in a unit, laid out as a drawing: holders at the left, powers in the middle, supervisors at the right.

Places are computed here: the page draws lines and boxes at them and computes nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from systems.models import Power

ROW, TOP = 46, 34
WIDTH, BOX = 960, 36
COLUMNS = ((0, 240), (330, 300), (720, 240))


class Box(NamedTuple):
    """A box of the drawing: where it stands, what it says, how it looks, what is behind it."""

    x: int
    y: int
    width: int
    text: str
    kind: str
    url: str

    @property
    def middle(self) -> int:
        """Where lines meet it."""
        return self.y + BOX // 2

    @property
    def text_x(self) -> int:
        """Where its words begin."""
        return self.x + 10

    @property
    def text_y(self) -> int:
        """The line its words stand on."""
        return self.y + BOX // 2 + 5


class Line(NamedTuple):
    """A line between two boxes; broken where the measure takes no effect."""

    x1: int
    y1: int
    x2: int
    y2: int
    kind: str


class Drawing(NamedTuple):
    """The whole of it."""

    width: int
    height: int
    boxes: list[Box]
    lines: list[Line]


def _shortened(text: str, width: int) -> str:
    """As much as fits: a Chinese sign is about twice as wide as a letter."""
    room = width // 8 - 2
    used = 0
    for place, sign in enumerate(text):
        used += 2 if ord(sign) > 0x2E7F else 1
        if used > room:
            return f"{text[:place]}…"
    return text


def _column(number: int, things: Sequence[tuple[Any, str, str, str]], rows: int) -> dict[Any, Box]:
    """Boxes below each other, spread over the height of the drawing."""
    x, width = COLUMNS[number]
    step = rows * ROW / max(len(things), 1)
    return {
        key: Box(x, round(TOP + place * step + (step - BOX) / 2), width, _shortened(text, width), kind, url)
        for place, (key, text, kind, url) in enumerate(things)
    }


def draw(powers: Iterable[Power]) -> Drawing:
    """The drawing of powers read with holder, measures and their supervisors."""
    known = list(powers)
    holders: dict[Any, tuple[Any, str, str, str]] = {}
    watchers: dict[Any, tuple[Any, str, str, str]] = {}
    for power in known:
        holders.setdefault(power.holder_id, (power.holder_id, power.holder.title, "post", ""))
        for measure in power.measures.all():
            if measure.ended_on is None:
                key, text = _watcher(measure)
                watchers.setdefault(key, (key, text, key[0], ""))
    middle = [(p.pk, p.matter, f"{p.grade.name.lower()}", p.get_absolute_url()) for p in known]
    rows = max(len(holders), len(middle), len(watchers), 1)
    left, centre, right = (
        _column(0, list(holders.values()), rows),
        _column(1, middle, rows),
        _column(2, list(watchers.values()), rows),
    )
    lines = []
    for power in known:
        lines.append(_line(left[power.holder_id], centre[power.pk], "holds"))
        for measure in power.measures.all():
            if measure.ended_on is None:
                kind = "watches" if measure.takes_effect else "void"
                lines.append(_line(centre[power.pk], right[_watcher(measure)[0]], kind))
    boxes = [*left.values(), *centre.values(), *right.values()]
    return Drawing(WIDTH, TOP + rows * ROW + 10, boxes, list(dict.fromkeys(lines)))


def _watcher(measure: Any) -> tuple[tuple[str, int], str]:
    if measure.supervising_unit_id:
        return ("unit", measure.supervising_unit_id), measure.supervising_unit.name
    if measure.supervisor_id:
        return ("post", measure.supervisor_id), measure.supervisor.title
    return ("nobody", 0), "?"


def _line(first: Box, second: Box, kind: str) -> Line:
    return Line(first.x + first.width, first.middle, second.x, second.middle, kind)
