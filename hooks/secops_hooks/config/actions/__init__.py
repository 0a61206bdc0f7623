"""GitHub Actions: its expression language, what strangers control, and workflows and actions as one model."""
