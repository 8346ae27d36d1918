"""The values that Beam's flags carry, read without Beam."""

from __future__ import annotations

import argparse
from collections.abc import Sequence


def flag_values(flags: Sequence[str], *names: str) -> dict[str, str | None]:
    """The values of these flags, given as `--name=value` or as `--name value`; None for one that is not given.

    Where a flag of these lacks its value, all are None: Beam's own parser refuses such flags.
    """
    parser = argparse.ArgumentParser(allow_abbrev=False, add_help=False, exit_on_error=False)
    for name in names:
        parser.add_argument(f"--{name}")
    try:
        return dict(vars(parser.parse_known_args(list(flags))[0]))
    except argparse.ArgumentError:
        return dict.fromkeys(names)


def engine_of(flags: Sequence[str]) -> str:
    """The engine these flags name, in lower case and without `runner`; "" where they name none.

    >>> engine_of(["--runner=DataflowRunner"]), engine_of(["--runner", "some.module.FlinkRunner"]), engine_of([])
    ('dataflow', 'flink', '')
    """
    runner = flag_values(flags, "runner")["runner"] or ""
    return runner.rsplit(".", 1)[-1].lower().removesuffix("runner")
