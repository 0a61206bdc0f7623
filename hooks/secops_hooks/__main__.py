"""``python -Im secops_hooks``: how hooks are started; ``-I`` keeps the scanned repository's own modules out."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
