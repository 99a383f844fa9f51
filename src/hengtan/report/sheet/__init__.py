"""Workbooks: status, accounts, bulletin, budgets, assessments, forecasts, and the templates of
forms.
"""
