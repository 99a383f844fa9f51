"""Runs accounts as a graph of tables, overrides inputs and explains any value down to its source rows."""
