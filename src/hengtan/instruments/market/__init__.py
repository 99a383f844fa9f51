"""Carbon market: allowances, balance values, surrender, penalties, a ledger of allowances, a
simulated auction, the value of holdings, other tradable rights.
"""
