"""``python -Im secops_hooks``: how hooks are started; ``-I`` keeps the scanned repository's own modules out."""

import os
import sys

from .cli import main

if __name__ == "__main__":
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass
    os._exit(code)  # nothing is open any more; to take every object apart first costs as much as reading three files
