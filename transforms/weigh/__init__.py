"""weigh: probabilities under the prior of the corpus, and weights whose mean is one in every cell."""
