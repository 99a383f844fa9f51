"""What a person can ask for or do, a file a subject, called alike by command line, pages
and REST.
"""
