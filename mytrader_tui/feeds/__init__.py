"""The outside world turned into `market` values."""
