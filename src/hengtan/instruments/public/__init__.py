"""Permits, supervision and public money."""
