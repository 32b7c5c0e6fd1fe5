"""A triple -> its proof, down to axioms, facts and quotes, rendered."""
