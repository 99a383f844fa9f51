"""What is believed as an input, and when a result is told to be rough: no law, and no figure
depends on it.
"""

from __future__ import annotations

LOAD_MOST = 1.5
"""Mean load of a unit over its rated power; more is a slip of the pen. [1]"""
FIRST_YEAR = 2000
"""Years of a park's own records before it are a slip of the pen."""
ESCALATION_MOST = 0.5
"""Yearly rise or fall of an energy price; more is a slip of the pen. [1]"""
LEVEL_LEAST, LEVEL_MOST = 0.5, 0.9999
"""Confidence of a value at risk: below one half a gain would be told, near one the tail is unknown.
[1]
"""
FEW_PRICES = 60
"""Fewer daily prices than these and a value at risk is told to be rough."""
SEEDS = 2**31
"""Seeds of a round of a simulation are drawn below it."""
