"""Workbooks that people fill: budgets, assessments, districts, foreign balances and city
inventories.
"""
