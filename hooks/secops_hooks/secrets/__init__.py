"""The secrets family: credentials in any file, encoded or not. ``check`` is its door."""
