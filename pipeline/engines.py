"""What an engine elsewhere must know, and what must be within its reach, before anything is sent to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.dask_needs import dask_problems
from pipeline.dataflow import DATAFLOW, dataflow_problems
from pipeline.flags import engine_of, flag_values
from pipeline.flink import flink_problems
from pipeline.prism import prism_problems
from pipeline.spark import spark_problems
from transforms.errors import UsageError
from transforms.read.address import is_remote

_MASTERS = {  # the flag that says where an engine's cluster is; without it, the engine starts one on this machine
    "flink": "flink_master",
    "spark": "spark_master_url",
    "portable": "job_endpoint",
    "dask": "dask_client_address",
}
_LOCAL_WORKERS = ("direct_num_workers", "direct_running_mode")
_WORKERS = {  # the flags that say how many work, by engine
    **dict.fromkeys(DATAFLOW, "--max_num_workers=N"),
    **dict.fromkeys(("flink", "portable"), "--parallelism=N"),
    **dict.fromkeys(("local", "fnapi"), "--direct_num_workers=N --direct_running_mode=multi_processing"),
    "dask": "--dask_npartitions=N",
}
_HERE = {None, "", "localhost", "127.0.0.1", "::1", "local", "embed"}
_NAMED = 3  # addresses in one message


@dataclass(frozen=True, slots=True)
class Work:
    """What a command is to read and to write, and on how many local processes (None: it does not say)."""

    inputs: tuple[str, ...]
    output: str
    workers: int | None = None

    def local_inputs(self) -> list[str]:
        """The inputs that only this machine knows. What an `@list` names is known later; see `check_reach`."""
        return [address for address in self.inputs if not address.startswith("@") and not is_remote(address)]


def problems(flags: Sequence[str], work: Work) -> list[str]:
    """All that keeps the engine from doing this work, a line each with its cure; none for an engine on this machine."""
    found = _worker_problems(flags, work)
    if engine_of(flags) not in DATAFLOW:
        return found + prism_problems(flags) + flink_problems(flags) + spark_problems(flags) + dask_problems(flags)
    found += dataflow_problems(flags)
    if not is_remote(work.output):
        found.append(
            f"the output {work.output!r} is on this machine, where no worker of Dataflow can write: name gs://BUCKET/PATH"
        )
    return found + _unreachable(work.local_inputs())


def _worker_problems(flags: Sequence[str], work: Work) -> list[str]:
    """That --workers would not be heard, as the only problem, or none."""
    if work.workers is None:
        return []
    engine = engine_of(flags)
    if engine:
        cure = (
            f"give {_WORKERS[engine]} after `--`"
            if engine in _WORKERS
            else "leave it out, the engine has flags of its own"
        )
        return [f"--workers is for processes on this machine where no --runner is named: {cure}"]
    given = [name for name, value in flag_values(flags, *_LOCAL_WORKERS).items() if value is not None]
    return [f"--workers={work.workers} and --{given[0]} both say how to run here: leave one out"] if given else []


def check_reach(flags: Sequence[str], archives: Iterable[str]) -> None:
    """Raise UsageError if the engine's workers cannot read one of these archives, whatever input named it."""
    local = sorted(archive for archive in archives if not is_remote(archive))
    if local and engine_of(flags) in DATAFLOW:
        raise UsageError(*_unreachable(local))


def _unreachable(inputs: Sequence[str]) -> list[str]:
    if not inputs:
        return []
    verb = "is" if len(inputs) == 1 else "are"
    return [
        f"{_named(inputs)} {verb} on this machine, where no worker of Dataflow can read: "
        "copy to gs://BUCKET/PATH and name that"
    ]


def notices(flags: Sequence[str], work: Work) -> list[str]:
    """What is right on a cluster elsewhere only if its workers mount this machine's folders."""
    engine = engine_of(flags)
    if engine not in _MASTERS:
        return []
    values = flag_values(flags, _MASTERS[engine], "environment_type")
    master = values[_MASTERS[engine]]
    local = [*work.local_inputs(), *([] if is_remote(work.output) else [work.output])]
    if not local or _is_here(master) or (values["environment_type"] or "").upper() == "LOOPBACK":
        return []
    return [f"{_named(local)}: every worker of {master} must find this at the same path, on a disk that all share"]


def openings(flags: Sequence[str]) -> list[str]:
    """That Beam will listen, on all interfaces, to whoever calls, if it will: its own runner, loopback workers."""
    values = flag_values(flags, "direct_running_mode", "environment_type")
    served = engine_of(flags) == "fnapi" and (values["direct_running_mode"] or "in_memory") != "in_memory"
    if not (served or engine_of(flags) == "prism" or (values["environment_type"] or "").upper() == "LOOPBACK"):
        return []
    return [
        "with these flags Beam opens ports on all interfaces of this machine, and whoever reaches them can run code as "
        "you: see docs/security.md, and use them where you are alone"
    ]


def _named(addresses: Sequence[str]) -> str:
    """These addresses, or the first of them and how many more there are."""
    more = len(addresses) - _NAMED
    return ", ".join(repr(address) for address in addresses[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _is_here(master: str | None) -> bool:
    """Whether a cluster's address means this machine: `[auto]`, `local[4]`, `localhost:8081`, `http://127.0.0.1:1`."""
    if master is None or master.startswith(("[auto]", "[local]", "local[")):
        return True
    try:
        return urlsplit(master if "://" in master else f"//{master}").hostname in _HERE
    except ValueError:
        return False
