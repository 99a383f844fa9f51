"""Entry: drafts of grids, comments and follow-up marks on their cells, files that were uploaded."""
