"""Accounts, grants, sessions and tokens: who may sign in and what he may do."""
