"""The verbs of the library of preventive measures: add, change, try, judge."""

from systems.services.experience.measures import MeasureText, TrialText, add, change, judge, try_

__all__ = ["MeasureText", "TrialText", "add", "change", "judge", "try_"]
