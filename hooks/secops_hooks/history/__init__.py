"""What was ever committed: every blob and every message once, who brought it, and whether it is still there."""
