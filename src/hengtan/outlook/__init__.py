"""Scenarios, portfolios and dispatch."""
