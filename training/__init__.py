"""How the shipped detector is made (`python -m training.train`) and judged (`python -m training.judge`)."""
