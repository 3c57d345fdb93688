"""The background worker: the one place that owns tasks and the clock."""
