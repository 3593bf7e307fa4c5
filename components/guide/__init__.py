"""What the guide tells, as data: every piece says what backs it, so that tests can look whether it does."""
