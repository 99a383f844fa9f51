"""Draws of uncertain effects, odds of targets, what the odds rest on."""
