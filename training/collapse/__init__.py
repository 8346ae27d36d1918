"""Does it help? Models trained generation after generation on their own output, with and without `human_weight`."""
