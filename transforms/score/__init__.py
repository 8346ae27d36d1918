"""score: how much more likely a machine wrote a text than a person did, and the evidence beside it."""
