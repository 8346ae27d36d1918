"""export: a corpus as other trainers read it."""
