"""The screens: they know `market` and the Desk, never a feed."""
