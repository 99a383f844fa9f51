"""One scoring engine, many schemes."""
