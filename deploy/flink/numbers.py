"""A job for Flink alone (Sums.java), whose result and traffic are known beforehand: for tests and for measuring."""

from __future__ import annotations

from pathlib import Path

from deploy.flink.cluster import Cluster

# What crosses the shuffle for a row: Flink's tag (1) and length (4), and a binary row of two BIGINT, which is its own
# length (4), its header with the null bits (8), and two fields of 8.
ROW_BYTES = 33


def sums_command(cluster: Cluster, *, rows: int, rows_a_second: int, folder: Path) -> list[str]:
    """The command that runs the job on this cluster and waits for it; its result is CSV in `folder`."""
    source = Path(__file__).with_name("Sums.java")
    arguments = [str(cluster.ports.rest), str(rows), str(rows_a_second), str(folder)]
    return ["java", "-cp", f"{cluster.home}/lib/*", str(source), *arguments]
