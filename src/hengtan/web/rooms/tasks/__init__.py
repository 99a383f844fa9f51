"""Task dispatch: tasks below the clauses of a plan, handed to departments, answered with evidence,
reminded of and closed.
"""
