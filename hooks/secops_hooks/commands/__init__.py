"""Commands beside the checks: one module each, with ``add_options(parser)`` and ``main(options) -> int``."""
