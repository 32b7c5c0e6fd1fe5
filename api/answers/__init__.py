"""What all front doors share: the service, its cache, tables of results."""
