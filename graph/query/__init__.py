"""The text of a query -> the bytes of its answer, from a worker process that can be killed or from an engine elsewhere."""
