"""The rows of a SELECT -> for each the triples that its patterns matched, and for each triple its quote or its proof.

``algebra`` reads a query, ``scopes`` makes of it the query that shows what each pattern matched, ``witnesses`` asks it, ``check`` asks
the query again of a graph that holds nothing but the evidence, ``notes`` says what states each triple, ``answer`` and ``formats`` give
it all out as JSON, CSV or Markdown.
"""
