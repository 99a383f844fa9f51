"""The refusals of the domain of materials, in the words of its ``words.yaml``."""

from hengtan.graph.codes import refuser

refusal = refuser("hengtan.accounts.materials")
