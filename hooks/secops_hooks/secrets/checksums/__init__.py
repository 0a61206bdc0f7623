"""Checksums that credential formats carry in themselves; pure functions on strings and bytes, no knowledge of rules."""
