"""gunicorn's own words in the same lines as all others. Loaded before any process of it works: it needs almost nothing."""

from typing import Any

from gunicorn.glogging import Logger

from engine.journal import write_lines


class GunicornLines(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Starts, ends and troubles of its processes; requests are told by the application."""

    def setup(self, cfg: Any) -> None:
        """Let the common lines take what gunicorn says."""
        super().setup(cfg)
        write_lines()
        self.error_log.handlers.clear()
        self.error_log.propagate = True
