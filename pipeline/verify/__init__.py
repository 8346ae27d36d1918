"""verify: whether an output is still what its run wrote, and its rows make it."""
