"""Demonstration and synthetic cities, made through the desk as a user would."""
