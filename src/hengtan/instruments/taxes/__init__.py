"""Taxes: environmental protection, water resource, resource."""
