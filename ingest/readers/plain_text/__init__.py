"""Text without markup -> Document; tables drawn in it, or flattened into it."""
