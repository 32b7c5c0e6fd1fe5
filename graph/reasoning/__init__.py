"""OWL axioms and facts -> the triples that follow."""
