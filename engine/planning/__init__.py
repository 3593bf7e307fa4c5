"""Before a campaign: how many sends it takes to pick the right line, what testing earns meanwhile, and when not to test.

Everything but the classical A/B test comes from the same simulator as all else, with its own Monte Carlo error.
"""
