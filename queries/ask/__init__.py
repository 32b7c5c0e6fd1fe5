"""A question in Chinese or English -> what it asks -> SPARQL; by a declared grammar over the graph's own names, without a model."""
