"""Pages as they are printed (PDF, OFD, pictures of pages) -> Document."""
