"""What the suite asks of its tools: no deadline from Hypothesis, no loop left behind, styles that are read once."""

import asyncio

from hypothesis import settings
from styles_read_once import read_styles_once

# How fast this machine happens to be is no property of the program.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

# The first async test would otherwise find "the current loop" by making one that nobody closes, and whichever test
# the garbage collector runs in fails for it.
asyncio.set_event_loop(None)

read_styles_once()
