"""Object stores, `s3://` and `gs://`: what lies there, reading by ranges, objects that appear whole or not at all.

Beam's own file systems for them rename by copying. The one for S3 makes a client for every call (65–215 ms of CPU),
publishes a torn file when a write fails half way, cannot write an empty one, and tries for nine minutes where nobody
answers (docs/decisions/0011-object-stores.md).
"""
