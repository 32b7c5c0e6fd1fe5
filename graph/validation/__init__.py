"""SHACL shapes and a graph -> the violations."""
