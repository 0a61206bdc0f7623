"""Family pins: what a build pulls in, and whether it is pinned to what was reviewed."""
