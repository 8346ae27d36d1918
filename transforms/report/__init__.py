"""report: what a run did, for people."""
