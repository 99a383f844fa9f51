"""Evidence: forms and registries, submissions and their events, reading Excel and CSV, the lake, history."""
