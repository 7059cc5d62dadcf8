"""The nouns of a plan, the catalogue, and the texts they are read from."""
