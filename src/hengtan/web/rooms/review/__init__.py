"""Review and publishing: the queue of what waits, decisions on it, publications."""
