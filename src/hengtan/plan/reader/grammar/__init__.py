"""The grammar of a plan's sentences: small named rules, a file a subject, in the order of
``sentence.py``."""
