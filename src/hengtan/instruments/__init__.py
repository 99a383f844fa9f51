"""Instruments as executable, dated, cited rules: taxes, prices, carbon market, credits, green
power, reviews, finance, compensation.
"""
