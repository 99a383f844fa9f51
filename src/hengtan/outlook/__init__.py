"""Scenarios, portfolios and dispatch: pathways of a place, the odds of its targets, the choice of
measures, and the hours of its power system.
"""
