"""Enterprises: the list of those a person may see, and the page of each, its portal."""
