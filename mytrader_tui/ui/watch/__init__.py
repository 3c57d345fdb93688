"""The watchlist's rows: where they are read from, what their cells say, their columns and their order."""
