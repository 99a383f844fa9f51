"""The audit trail: what was done and refused, each entry sealed with the one before."""
