"""Prism, Beam's local runner that is a program of its own: Beam would download it, so whether it is here is checked."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.metadata import version

from pipeline.flags import engine_of, flag_values

_DIRECT = frozenset({"direct", "switchingdirect", "testdirect"})  # these try Prism first, and tell nobody if it fails


def prism_problems(flags: Sequence[str]) -> list[str]:
    """What would make Beam fetch a program from GitHub, or look for one in vain, with its cure; none for other engines.

    An address in --prism_location is fetched, because the user asked for it.
    """
    engine = engine_of(flags)
    if engine in _DIRECT:
        return [
            "Beam's DirectRunner would first download another runner: leave --runner out for the local one, "
            "or name PrismRunner"
        ]
    values = flag_values(flags, "prism_location", "job_endpoint")
    location = values["prism_location"]
    if engine != "prism" or values["job_endpoint"] or (location and "://" in location) or _is_program(location):
        return []
    cure = (
        f"`GOBIN=$PWD/out/bin go install github.com/apache/beam/sdks/v2/go/cmd/prism@v{version('apache-beam')}` "
        "and give --prism_location=out/bin/prism"
    )
    if location is None:
        return [f"Beam would download the program of PrismRunner: {cure}"]
    return [f"--prism_location={location} is no file that can be run: {cure}"]


def _is_program(path: str | None) -> bool:
    return path is not None and os.path.isfile(path) and os.access(path, os.X_OK)
