"""Two folders exchanged in one step: the one system call that makes a set of files appear all at once.

https://man7.org/linux/man-pages/man2/rename.2.html (RENAME_EXCHANGE), macOS renamex_np(2) (RENAME_SWAP).
"""

import ctypes
import os
import sys
from pathlib import Path

AT_FDCWD = -100
RENAME_EXCHANGE = 2
RENAME_SWAP = 2


def exchange(one: Path, other: Path) -> None:
    """Each of two existing folders of one file system takes the other's place. Raises OSError where that cannot be done."""
    libc = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        failed = libc.renamex_np(first, second, RENAME_SWAP)
    elif hasattr(libc, "renameat2"):
        failed = libc.renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE)
    else:
        raise OSError("this system cannot exchange two folders")
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one))
