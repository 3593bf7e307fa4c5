"""One world a file: where the true rates come from."""
