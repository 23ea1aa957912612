"""Two folders exchanged in one step: the one system call that makes a set of files appear all at once.

https://man7.org/linux/man-pages/man2/rename.2.html (RENAME_EXCHANGE), macOS renamex_np(2) (RENAME_SWAP).
"""

import ctypes
import errno
import os
import platform
import sys
from pathlib import Path

AT_FDCWD = -100
RENAME_EXCHANGE = 2
RENAME_SWAP = 2
# https://man7.org/linux/man-pages/man2/syscall.2.html; numbers: the kernel's syscall_64.tbl and asm-generic/unistd.h.
RENAMEAT2 = {"x86_64": 316, "aarch64": 276, "riscv64": 276}


def exchange(one: Path, other: Path) -> None:
    """Each of two existing folders of one file system takes the other's place. Raises OSError where that cannot be done."""
    libc = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        failed = libc.renamex_np(first, second, RENAME_SWAP)
    elif hasattr(libc, "renameat2"):
        failed = libc.renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE)
    else:
        failed = _by_number(libc, first, second)
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one), None, str(other))


def _by_number(libc: ctypes.CDLL, first: bytes, second: bytes) -> int:
    """The same call where the C library has no name for it (musl, glibc before 2.28). Raises OSError where we have no number."""
    number = RENAMEAT2.get(platform.machine())
    if number is None or sys.maxsize < 2**32:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    result: int = libc.syscall(ctypes.c_long(number), AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE)
    return result
