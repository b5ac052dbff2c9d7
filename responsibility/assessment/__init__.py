"""The annual assessment: formulas over registered measures, and the scores they give."""
