"""The pages of a workspace over HTTP: read-only, on this machine, nothing from outside."""

from hengtan.web.app import create_app
from hengtan.web.site import Site

__all__ = ["Site", "create_app"]
