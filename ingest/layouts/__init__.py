"""Blocks of a document -> drafts, one a task: tables, numbered paragraphs, brackets."""
