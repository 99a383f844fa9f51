"""Workings in pages: a file is sent, its findings and its result are kept for who sent it."""
