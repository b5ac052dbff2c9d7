"""What upper floors may want to tell people."""

from django.dispatch import Signal

# Going through the log has found something wrong. Argument: verification (Verification).
flaw_found = Signal()
