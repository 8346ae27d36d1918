"""dedup: copies and near copies found, joined into components, the best copy kept."""
