"""Files lent to Arrow: they close once nobody holds them, and the process waits for that before it ends.

Arrow reads ahead in threads of its own, and a scan that ends early, as under a LIMIT, leaves them reading. A thread
that asks for a Python file when the interpreter is gone never comes back, and the process waits for it for ever.
"""

from __future__ import annotations

import atexit
import threading
from typing import BinaryIO
from weakref import WeakSet

_PATIENCE = 10.0  # seconds; a read from a store takes less, and one that hangs must not keep the process


class LentFile:
    """A file for reading, as Arrow wants it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.read, self.seek, self.tell, self.close = file.read, file.seek, file.tell, file.close
        with _changed:
            _lent.add(self)

    @property
    def closed(self) -> bool:
        """Whether it cannot be read any more."""
        return self._file.closed

    def __del__(self) -> None:
        self._file.close()
        with _changed:
            _lent.discard(self)
            _changed.notify_all()


_changed = threading.Condition()  # on a reentrant lock: a file may be let go of while its own thread holds it
_lent: WeakSet[LentFile] = WeakSet()


def wait_for_files(patience: float = _PATIENCE) -> bool:
    """Wait until Arrow holds no file, at most `patience` seconds; whether it came to that."""
    with _changed:
        return _changed.wait_for(lambda: not _lent, patience)


atexit.register(wait_for_files)
