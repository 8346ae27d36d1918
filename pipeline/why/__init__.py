"""why: the whole story of one page."""
