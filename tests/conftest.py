"""What all tests share: generated examples are the same in every run."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "same_every_time", derandomize=True, deadline=None, max_examples=28, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("same_every_time")
