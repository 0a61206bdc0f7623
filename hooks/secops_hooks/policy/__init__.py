"""What the team decided: settings, suppressions, the baseline of accepted findings."""
