"""Reads the Excel and CSV files people have; every finding names its sheet, row and column."""
