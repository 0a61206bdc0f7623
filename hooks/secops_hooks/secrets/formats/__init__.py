"""The knowledge of credential formats: the table, its notation, and what is derived from both.

``table/`` is the only place where a format is written down, ``catalogue`` loads rows of it. ``words`` is derived from it
(``index`` does that, a test holds them equal), so that a clean commit loads a list of words and never the table.
"""
