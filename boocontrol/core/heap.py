"""How the C library gives memory back.

glibc takes blocks of 128 KiB and more from the system one by one, until the first of them is freed: from then on it
keeps ever larger ones in its heap, where the text of each catalog leaves a hole of its size. A fixed limit keeps it
from that. It also gives each worker thread a heap of its own, where what was read there leaves the same holes once
more; threads that hold Python's lock while they allocate lose nothing by sharing one. In a window with 100 hosts of 50
models both together save 6 MB of 150. Programs call it at their start; the library itself never does.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Final

LARGE: Final = 128 * 1024
# Of malloc.h.
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8


def give_back() -> bool:
    """Let memory go back to the system when it is freed. False where the C library is not glibc."""
    if not sys.platform.startswith("linux"):
        return False
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        mallopt = ctypes.CDLL(None).mallopt
        return bool(mallopt(_MMAP_THRESHOLD, LARGE)) and bool(mallopt(_ARENA_MAX, 1))
    return False
