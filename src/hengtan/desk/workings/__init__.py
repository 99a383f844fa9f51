"""Workings: a file that people fill goes in; what was found in it, what it comes to and files to
take along come out. A working a command of the terminal that takes a workbook or a document.
"""

from hengtan.desk.workings.working import Ask, Blank, Choice, Sent, Slot, Table, Worked, Working

__all__ = ["Ask", "Blank", "Choice", "Sent", "Slot", "Table", "Worked", "Working"]
