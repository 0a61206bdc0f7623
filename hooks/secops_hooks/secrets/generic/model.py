"""How much a string looks like words: a small table of letter pairs, and what is made of it."""
