"""What the suite asks of its tools: Hypothesis keeps no deadline, and pytest-asyncio leaves no loop behind."""

import asyncio

from hypothesis import settings

# How fast this machine happens to be is no property of the program.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

# The first async test would otherwise find "the current loop" by making one that nobody closes, and whichever test
# the garbage collector runs in fails for it.
asyncio.set_event_loop(None)
