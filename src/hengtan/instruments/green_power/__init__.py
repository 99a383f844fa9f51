"""Green power: certificates, the consumption duty, shares of industries, pledges and own use of
distributed solar power.
"""
