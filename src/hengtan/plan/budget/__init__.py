"""Carbon budgets: paths of years, shares by declared principles in whole units, monthly
execution.
"""
