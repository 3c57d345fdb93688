"""A terminal market monitor whose screen never says more than its data knows."""

__version__ = "0.1.0"
