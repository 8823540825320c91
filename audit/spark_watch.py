"""Looks after a run on a cluster: Spark waits for ever for workers that will not come back."""

from __future__ import annotations

import threading
import time
from typing import Any

PATIENCE = 300.0
"""Seconds without a single worker after which a run is given up."""


class Watch:
    """Cancels what runs when the cluster has had no worker for ``patience`` seconds; whoever waits is told so (SB5020). ``every``: seconds between looks."""

    def __init__(self, context: Any, *, patience: float = PATIENCE, every: float = 10.0) -> None:
        self._context, self._patience, self._every = context, patience, every
        self._over = threading.Event()
        self._looking = threading.Thread(target=self._look, daemon=True)
        self._looking.start()

    def close(self) -> None:
        """Looks no longer."""
        self._over.set()
        self._looking.join()

    def _look(self) -> None:
        from py4j.protocol import Py4JError

        seen = time.monotonic()
        while not self._over.wait(self._every):
            try:
                # The driver counts itself.
                if self._context._jsc.sc().getExecutorMemoryStatus().size() > 1:
                    seen = time.monotonic()
                elif time.monotonic() - seen > self._patience:
                    self._context.cancelAllJobs()
            except (Py4JError, OSError, AttributeError):
                return  # Java itself is gone; the query that waits for it says so.
