"""Reviews of projects and units: energy review, carbon assessment, gates, cleaner production,
efficiency levels; parks.
"""
