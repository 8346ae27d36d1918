"""What a job needs on Dask: checked before Beam imports its runner, which loses rows of ours."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from pipeline.flags import engine_of, flag_values

_OURS = "pipeline.dask.DaskRunner"


def dask_problems(flags: Sequence[str], *, has_dask: bool | None = None) -> list[str]:
    """All that would make a run on Dask wrong or impossible, with its cure; none for other engines.

    `has_dask`: its packages are installed; looked up if not given.
    """
    if engine_of(flags) != "dask":
        return []
    found = []
    runner = flag_values(flags, "runner")["runner"] or ""
    if "." not in runner or runner.startswith("apache_beam."):
        found.append(
            f"Beam's own {runner.rsplit('.', 1)[-1]} loses rows and doubles others: name --runner={_OURS}, "
            "which mends it (docs/engines.md)"
        )
    if not (find_spec("dask") and find_spec("distributed") if has_dask is None else has_dask):
        found.append("Dask is not installed: pip install 'firsthand[engines]'")
    return found
