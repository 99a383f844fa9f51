"""Formulas and account tables (energy, carbon, nature, materials, space)."""
