"""Prices as rules: block tariffs of households, time of use, differential prices of industry, water
over quota, sewage and waste fees, and what a tariff brings in and weighs.
"""
