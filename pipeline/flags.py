"""The values that Beam's flags carry, read without Beam."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

# What opens an account, and where it is looked for instead. A flag stands in what `ps` shows, in the job's description
# and in what every worker logs as it starts (Beam 2.77, sdk_worker_main: "Pipeline_options: …").
_AWS = "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, AWS_PROFILE, or give the machine a role"
_SECRETS = {
    "--s3_access_key_id": _AWS,
    "--s3_secret_access_key": _AWS,
    "--s3_session_token": _AWS,
    "--azure_connection_string": "AZURE_STORAGE_CONNECTION_STRING",
}


def secret_problems(flags: Sequence[str]) -> list[str]:
    """What is wrong with giving credentials as flags, a line each with its cure; the values are not repeated."""
    given = sorted({flag.partition("=")[0] for flag in flags} & _SECRETS.keys())
    return [f"{name} is not taken, for every worker would log its value: set {_SECRETS[name]}" for name in given]


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
