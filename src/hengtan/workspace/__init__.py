"""One city's installation: open, new, demo, import, status, explain; ties the floors together for
cli and web.
"""

from hengtan.workspace.workspace import Workspace

__all__ = ["Workspace"]
