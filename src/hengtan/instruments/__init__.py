"""Instruments as executable rules (markets, taxes, prices, credits, reviews, finance)."""
