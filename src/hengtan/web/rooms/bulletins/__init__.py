"""Bulletins on their way: drafted from the figures, edited, approved by somebody else, frozen."""
