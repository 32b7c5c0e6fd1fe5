"""A question in Chinese or English -> what it asks -> SPARQL and a paraphrase; by a declared grammar over the graph's own names, without a model."""
