"""Greenhouse gases: fuels, processes, agriculture, land, waste, power; the inventory and its maps,
enterprises, products.
"""
