"""Data for other programs: what the screen knows, with the same provenance."""
