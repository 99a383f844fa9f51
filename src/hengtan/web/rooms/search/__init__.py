"""Search over what the workspace holds; keeps nothing of its own."""
