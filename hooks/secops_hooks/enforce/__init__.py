"""Enforcement: what a change may not do for itself. Judges a range of commits by the policy of the branch that it goes to."""
