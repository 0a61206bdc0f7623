"""What hostile files cost: CPU and memory of the secrets hook on each, as multiples of an ordinary file of the same size.

    python bench/pathological.py [--size MIB] [-n ROUNDS] [--json FILE]

Each file is made to hurt one part: long lines the line index, repeated prefixes the pre-scan and the matchers behind it,
nested encodings the decoder, archives the unpacker (switched on here by a settings file). Numbers are medians, interleaved with
the ordinary file; memory is the peak of the whole process. The bounds themselves are held by tests, not by this.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import io
import json
import statistics
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from startup import cpu

ROOT = Path(__file__).resolve().parent.parent
PROSE = b"The quick brown fox jumps over the lazy dog and looks for a place to sleep.\n"
SETTINGS = "[secrets]\narchives = true\n"


def filled(piece: bytes, size: int) -> bytes:
    return (piece * (size // len(piece) + 1))[:size]


def nested(size: int) -> bytes:
    """Base64 of base64 of base64 of prose."""
    text = filled(PROSE, size * 27 // 64)
    for _ in range(3):
        text = base64.b64encode(text)
    return text


def zipped(size: int) -> bytes:
    """A zip file that unpacks to a thousand times its size, in a thousand members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(1000):
            archive.writestr(f"{number}.txt", bytes(size))
    return packed.getvalue()


PILES: dict[str, Callable[[int], bytes]] = {
    "one long line": lambda size: filled(b"lorem ipsum dolor ", size),
    "one long word": lambda size: b"a" * size,
    "one open quote": lambda size: b'password = "' + b"a" * size,
    "line ends": lambda size: b"\n" * size,
    "prefixes of tokens": lambda size: filled(b"gh" + b"p_", size),
    "prefixes, malformed": lambda size: filled(b"gh" + b"p_abc ", size),
    "names without values": lambda size: filled(b"password=", size),
    "names and values": lambda size: filled(b'token = "aaaa"\n', size),
    "addresses": lambda size: filled(b"a://b:c@d ", size),
    "commands": lambda size: filled(b"curl -u a:b ", size),
    "rows of users": lambda size: b"INSERT INTO u (password) VALUES " + filled(b"('a'),", size),
    "rows, again and again": lambda size: filled(b"INSERT INTO u VALUES (1);", size),
    "begins of private keys": lambda size: filled(b"-----BEGIN PRIVATE KEY-----\n", size),
    "docstrings": lambda size: filled(b'"""\npassword = "hun' + b'ter2x"\n', size),
    "nested base64": nested,
    "percent signs": lambda size: filled(b"%25", size),
    "backslashes": lambda size: filled(b"\\\\u005c", size),
    "brackets": lambda size: b"[" * size,
    "gzip bomb": lambda size: gzip.compress(bytes(1000 * size)),
    "zip bomb": zipped,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=float, default=1, metavar="MIB", help="size of each file (default 1)")
    parser.add_argument("-n", type=int, default=3, metavar="ROUNDS", help="rounds (default 3)")
    parser.add_argument("--json", metavar="FILE", help="write the numbers to FILE")
    options = parser.parse_args()
    size = int(options.size * 1024 * 1024)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / ".secops.toml").write_text(SETTINGS, encoding="utf-8")
        files = {"ordinary": root / "ordinary.txt"}
        files["ordinary"].write_bytes(filled(PROSE, size))
        for number, (pile, make) in enumerate(PILES.items()):
            files[pile] = root / f"{number}.txt"
            files[pile].write_bytes(make(size if "bomb" not in pile else min(size, 256 * 1024)))
        measured: dict[str, list[tuple[float, float]]] = {pile: [] for pile in files}
        for _ in range(options.n):
            for pile, path in files.items():
                command = [
                    sys.executable,
                    "-c",
                    f"import sys; sys.path.insert(0, {str(ROOT / 'hooks')!r}); from secops_hooks.cli import main; sys.exit(main())",
                ]
                seconds, mib, code = cpu([*command, "secrets", "--exit-zero", "--no-baseline", str(path)], root)
                if code not in (0, 3):
                    sys.exit(f"{pile}: exit code {code}")
                measured[pile].append((seconds, mib))
    rows = {pile: tuple(statistics.median(column) for column in zip(*runs, strict=True)) for pile, runs in measured.items()}
    seconds, mib = rows["ordinary"]
    print(f"{'file':24}{'CPU s':>8}{'ratio':>8}{'MiB':>8}{'ratio':>8}")
    for pile, (took, peak) in rows.items():
        print(f"{pile:24}{took:8.2f}{took / seconds:8.1f}{peak:8.0f}{peak / mib:8.1f}")
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
