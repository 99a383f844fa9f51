"""Accounts of air, water and what else of nature is monitored."""
