"""Web pages and web archives -> Document."""
