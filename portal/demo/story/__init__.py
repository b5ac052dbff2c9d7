"""A year of the programme, told through the same services that people use, day by day and with the clock running.

Each season stands in a file of its own. The day on which the demo begins, `TODAY`, is fixed, because what is told depends on
it: which duties are overdue, which cases are open, what the clock will do next week. Told up to the machine's own day, the
year would have another ending on every machine and on every day, and no screenshot, test or guided tour could rely on it.
From that day on the demo's clock goes as the machine's does, and can be set forward by its page.
"""

from portal.demo.story import (
    autumn,
    crimes,
    earlier,
    experience,
    inspections,
    keeping,
    lessons,
    offices,
    spring,
    summer,
    systems,
)
from portal.demo.story.telling import FIRST_DAY, TODAY, YEAR, Story


def write() -> Story:
    """The year as it happened."""
    story = Story()
    spring.write(story)
    summer.write(story)
    # Before the reports of autumn: who leaves an office in the morning does not report in it at noon.
    offices.write(story)
    autumn.write(story)
    systems.write(story)
    inspections.write(story)
    experience.write(story)
    keeping.write(story)
    earlier.write(story)
    crimes.write(story)
    lessons.write(story)
    return story


__all__ = ["FIRST_DAY", "TODAY", "YEAR", "Story", "write"]
