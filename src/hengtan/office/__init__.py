"""The people of a city at work: roles and grants, what each may do and why, the reporting calendar,
dispatch. Rules without a framework; what people enter is kept by the application (``web/``).
"""
