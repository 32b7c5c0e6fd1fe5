"""Characters: which simplified character a traditional one is written as."""
