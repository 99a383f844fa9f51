"""Finds, loads and checks packs: law, plans, places, forms and public statistics as dated, cited data."""
