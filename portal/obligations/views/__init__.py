"""Pages of duties, the clock, the calendar and the ladders."""
