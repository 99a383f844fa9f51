"""What is believed as an input, and when a result is told to be rough.

No law, and no figure of a result depends on these numbers.
"""

from __future__ import annotations

LOAD_MOST = 1.5
"""Mean load of a unit over its rated power; more is a slip of the pen. [1]"""
FIRST_YEAR = 2000
"""Years of a park's own records before it are a slip of the pen."""
ESCALATION_MOST = 0.5
"""Yearly rise or fall of an energy price; more is a slip of the pen. [1]"""
LEVEL_LEAST = 0.5
"""Confidence of a value at risk below which a gain would be told for a loss. [1]"""
LEVEL_MOST = 0.9999
"""Confidence of a value at risk beyond which nothing is known of the tail. [1]"""
FEW_PRICES = 60
"""Fewer daily prices than these and a value at risk is told to be rough."""
SEEDS = 2**31
"""Seeds of a round of a simulation are drawn below it."""
LONGEST_FORMULA = 2_000
"""Signs that a formula of a proposal may have."""
MOST_DIGITS = 308
"""Digits of a number on the way in a formula: float has no more."""
