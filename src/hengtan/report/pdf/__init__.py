"""PDF documents set by typst from the wheel (no service, nothing fetched): the list of targets, a
target on one page, the bulletin; Chinese fonts of this machine are embedded.

What people typed reaches the typesetter as data (``content.json``), never as markup.
"""
