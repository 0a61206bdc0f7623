"""secops-hooks: security checks that run when a developer types ``git commit``."""

__version__ = "0.1.0"
