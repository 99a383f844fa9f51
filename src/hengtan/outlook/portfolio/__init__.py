"""Which measures, where and when, at least cost."""
