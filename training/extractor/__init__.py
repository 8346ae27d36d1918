"""How the learned extractor is made (`python -m training.extractor.train`) and judged (`….judge`)."""
