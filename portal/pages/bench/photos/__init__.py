"""Forty photos of twelve megapixels in one drop: how long each takes, and the memory of the workers meanwhile."""
