"""Insecure Python, found by bandit. ``check`` is the door; ``tests`` the table, ``triggers`` what makes bandit worth loading."""
