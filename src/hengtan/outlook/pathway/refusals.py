"""What a pathway refuses, in the words of its ``words.yaml``."""

from hengtan.graph.codes import refuser

refusal = refuser("hengtan.outlook.pathway")
