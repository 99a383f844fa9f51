"""The version of the program, apart from the package's own file so that any room can name it."""

__version__ = "0.1.0"
