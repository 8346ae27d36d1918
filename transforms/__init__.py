"""What happens to a page: one package per stage, plain Python inside, Beam at the edge."""
