"""Work that takes longer than an answer: a table of jobs with leases, and the worker that does
them.
"""
