"""Compensation between places: rivers, forest cover, damage."""
