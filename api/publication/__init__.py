"""Files -> built notices -> one published snapshot. Knows no HTTP and no terminal."""
