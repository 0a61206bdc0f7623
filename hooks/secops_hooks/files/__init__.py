"""What is scanned: bytes and lines, what kind of file it is, and the tree it stands in."""
