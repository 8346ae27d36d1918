"""A Flink session cluster on this machine, with a worker pool and a job server of Beam's."""
