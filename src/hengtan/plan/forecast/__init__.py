"""Forecasts of indicators to their deadlines: candidates, the choice among them, bands, joint
draws.
"""

from hengtan.plan.forecast.joint import draws
from hengtan.plan.forecast.outlook import Lever, Outlook, Year, forecast
from hengtan.plan.forecast.pool import Pools, Yearly
from hengtan.plan.forecast.scale import Scale, scale_of

__all__ = ["Lever", "Outlook", "Pools", "Scale", "Year", "Yearly", "draws", "forecast", "scale_of"]
