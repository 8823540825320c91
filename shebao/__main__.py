"""`python -m shebao` is the command `shebao`."""

from __future__ import annotations

from shebao.cli import run

if __name__ == "__main__":
    run()
