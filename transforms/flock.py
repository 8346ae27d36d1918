"""Locks of files: what a file system without them answers."""

from __future__ import annotations

import errno
from collections.abc import Callable

NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
"""NFS without a lock daemon, Lustre mounted without flock, some file systems in user space."""

Flock = Callable[[int, int], None]
"""What `fcntl.flock` is."""
