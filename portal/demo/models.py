from django.db import models


class DemoState(models.Model):
    """The demo's clock and how far its year has been told; one row."""

    # Added to the machine's time.
    offset_seconds = models.BigIntegerField(default=0)
    told = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.offset_seconds} s"
