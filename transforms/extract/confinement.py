"""What the process that parses pages gives up before the first: limits of the system that it cannot raise again.

They do not stop a page that takes over the parser from reading what its user may read; they stop it from filling the
disk, starting programs or gaining rights. docs/security.md says what else does.
"""

from __future__ import annotations

import resource
import signal

# Linux's usual limit. Fixed, because how deep a parser may recurse must not depend on the shell a run was started from.
_STACK_BYTES = 8 << 20


def confine(memory_mb: int) -> None:
    """Bounds memory (MiB of address space) and stack; no core dumps, no bytes into files, no other processes."""
    # Writing to a file then is an error and not a signal; pipes and /dev/null are no files.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for limit, most in (
        (resource.RLIMIT_AS, memory_mb << 20),
        (resource.RLIMIT_STACK, _STACK_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),  # root is exempt
    ):
        _, hard = resource.getrlimit(limit)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (least, least))
