"""The standard as data: clauses, deviations, and how each clause is verified."""
