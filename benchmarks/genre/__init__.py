"""A seed -> task documents of every layout of the genre, with the right reading of each, and how well ours agrees."""
