"""read: byte ranges of archives become pages, and every record that is no page gets its reason."""
