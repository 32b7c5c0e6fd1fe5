"""The administrative divisions of China as a table: code, name."""
