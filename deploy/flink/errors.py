"""What stops a cluster, said in one line with its cure."""

from __future__ import annotations


class ClusterError(Exception):
    """The cluster cannot be had, started or asked."""


class CannotFetch(ClusterError):
    """A registry does not hold what the cluster needs."""
