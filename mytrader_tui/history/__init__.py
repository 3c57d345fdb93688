"""What was seen, on disk: quotes, bars, equity and changes of source. SQLite by default, PostgreSQL by URL.

Everything here is synchronous and belongs to one thread; whoever runs it decides which.
"""
