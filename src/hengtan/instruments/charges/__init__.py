"""Charges that cover their cost: sewage, household waste, water of farms."""
