"""Green finance: loans, the carbon-reduction facility, evaluation, catalogue, energy-management
contracts.
"""
