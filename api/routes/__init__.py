"""One module an address: SPARQL, update, graph store, things, the catalogue, proofs, descriptions."""
