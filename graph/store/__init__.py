"""Quads -> an immutable snapshot; the embedded engine that reads it, its labels and its description."""
