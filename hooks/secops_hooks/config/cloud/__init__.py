"""Infrastructure as code: the resources of a file whatever language describes them, and what is wrong with their settings."""
