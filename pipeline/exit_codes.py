"""What the command line ends with."""

from __future__ import annotations

DONE, FAILED, USAGE, REJECTED, INTERRUPTED, UNREAD = 0, 1, 2, 3, 130, 141

MEANINGS = {
    DONE: "done",
    FAILED: "failed: an input, the output, the engine or a check of `verify`; the message says what to do",
    USAGE: "usage: the command line or the configuration",
    REJECTED: "finished, but a larger share of the responses was rejected than [run] max_rejected_share allows",
    INTERRUPTED: "interrupted: the same command goes on where it stopped",
    UNREAD: "whoever read standard output has gone before its end, as `head` does; what SIGPIPE ends has this code",
}

EPILOG = "\n".join(["exit codes:", *(f"  {code:<3}  {meaning}" for code, meaning in MEANINGS.items())])
"""The end of a command's --help."""

GOES_ON = "interrupted: what is committed stays, the same command goes on from there"
"""What is said with INTERRUPTED."""

NO_MEMORY = "there is no memory left: give the same command again, with fewer --workers or more memory"
"""What is said with FAILED where this process, or a worker, could get no more."""
