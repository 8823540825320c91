"""The front door: command line, settings, store and the synthetic county."""

__version__ = "0.1.0"
