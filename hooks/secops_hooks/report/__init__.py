"""What a run found, written for people and for programs: one module a format, each ``write(context) -> Iterator[str]``."""
