"""The version of the program. It stands here alone; CHANGELOG.md says what each one brought."""

__version__ = "0.19.1"
