"""html: the report as one page; a module a section."""
