"""Case files (档案): a subject with the forms that feed it, the rules that read it, its days due.

A kind of case file is data of a pack (``case_files/<id>.yaml``). A permit, a project, a plant or a
loan is a row of its head form; facts are what forms and accounts hold of it, verdicts what rules
make of these facts, never typed again.
"""
