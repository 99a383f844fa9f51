"""The words of refusals of this room."""

from hengtan.graph.codes import refuser

refusal = refuser("hengtan.accounts.nature")
