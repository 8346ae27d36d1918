"""Object stores, `s3://` and `gs://`: what lies there, reading by ranges, objects that appear whole or not at all.

Beam's own file systems for them make a client for every call (70–200 ms of CPU each), publish a torn file when a write
fails half way, cannot write an empty file to S3, and try for nine minutes where nobody answers (docs/stores.md).
"""
