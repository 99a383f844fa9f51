"""Case files: the kinds there are, the list of each, the page of one, its papers."""
