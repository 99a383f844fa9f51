"""Waste and materials: what was made, moved, used and stored, and the rates spoken of."""
