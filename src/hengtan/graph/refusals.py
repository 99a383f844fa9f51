"""The refusals of the graph, in the words of its ``words.yaml``."""

from hengtan.graph.codes import refuser

refusal = refuser("hengtan.graph")
