"""What a job needs on Spark: checked before Beam fetches a program."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.metadata import version

from pipeline.flags import engine_of, flag_values


def spark_problems(flags: Sequence[str]) -> list[str]:
    """What would make Beam download Spark's job server, or look for it in vain, with its cure; none for other engines.

    An address in --spark_job_server_jar is fetched, because the user asked for it; a job server that runs needs no jar.
    """
    values = flag_values(flags, "spark_job_server_jar", "job_endpoint")
    jar = values["spark_job_server_jar"]
    if engine_of(flags) != "spark" or values["job_endpoint"]:
        return []
    if jar and ("://" in jar or os.path.isfile(jar)):
        return []
    cure = (
        f"fetch org.apache.beam:beam-runners-spark-3-job-server:{version('apache-beam')} from Maven Central "
        "and give --spark_job_server_jar=PATH"
    )
    if not jar:
        return [f"Beam would download Spark's job server: {cure}"]
    return [f"--spark_job_server_jar={jar} is no file: {cure}"]
