"""What the suite asks of its tools: no deadlines, no loop left behind, styles read once, a pilot that is patient."""

import asyncio
import gc

from hypothesis import settings
from pilot_at_rest import wait_for_what_is_under_way
from styles_read_once import read_styles_once

# How fast this machine happens to be is no property of the program, and what a suite says of a change is to be said
# again of the same change. Who looks for what nobody thought of runs with `--hypothesis-profile=searching`.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("searching", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("steady")

# The first async test would otherwise find "the current loop" by making one that nobody closes, and whichever test
# the garbage collector runs in fails for it.
asyncio.set_event_loop(None)

read_styles_once()
wait_for_what_is_under_way()

# Thousands of tests and all that they import stay to the end. To look for garbage among them, again and again, was a
# fifth of the suite's time.
gc.disable()


def pytest_collection_finish() -> None:
    """From here on look for garbage, but only in what the tests make."""
    gc.freeze()
    gc.enable()
