"""Many processes, on any number of machines, that share a Redis: where answers lie, and who runs what."""
