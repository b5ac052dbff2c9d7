"""Signatures in the PDFs that the portal issues: whose key signs, what is signed, time-stamps, and how a copy is judged."""
