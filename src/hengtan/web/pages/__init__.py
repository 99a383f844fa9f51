"""The page families, one module each with its ``router``; a module put here is served, no list
elsewhere names it.

A family asks the desk (``site.ask(question, …)``) and hands what it got to a template of its name;
it computes nothing itself. Its pages rest on the workspace alone and are kept as rendered.
"""
