"""Pages: templates, what each shows, charts and the explain tree; served and offline from the same
templates.
"""
