"""write: text joins its verdict and becomes Parquet."""
