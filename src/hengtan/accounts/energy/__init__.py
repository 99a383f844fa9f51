"""Energy: factors, enterprise records, the balance in two ways, totals, intensity; reconciliation
and foreign tables.
"""
