"""Hourly dispatch and investment of a power system, and what is asked of it."""
