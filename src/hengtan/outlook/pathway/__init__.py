"""Where a place goes: drivers, measures, and what they come to by year."""
