"""The text of a query or update -> what it would do: its tokens, the services it calls, the graphs it writes."""
