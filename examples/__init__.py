"""A small real crawl to try the pipeline on, recorded on this machine without internet."""
