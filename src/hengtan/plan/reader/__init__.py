"""Reading plan documents: from a text to targets, clauses, systems and departments, each with its
quote."""
