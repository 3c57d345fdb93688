"""Errors that no task of ours would hear of: in threads, in callbacks, in what nobody awaits."""

import asyncio
import contextlib
import logging
import sys
import threading
from collections.abc import Callable
from typing import Any

_log = logging.getLogger(__name__)


def hear_strays(loop: asyncio.AbstractEventLoop, alarm: Callable[[str], None]) -> None:
    """Log every error that Python would otherwise write over the screen, and call `alarm` on `loop` with a line of it.

    What fails while an object is thrown away harms nobody and goes to the log only.
    """

    def in_loop(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        _log.error("in the event loop: %s", context["message"], exc_info=error)
        alarm(_line("something in the background", type(error) if error is not None else None))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_type is SystemExit:
            return
        name = args.thread.name if args.thread is not None else "a thread"
        _log.error("in the thread %s", name, exc_info=args.exc_value)
        with contextlib.suppress(RuntimeError):  # the loop is closed, and nobody looks any more
            loop.call_soon_threadsafe(alarm, _line(f"the thread {name}", args.exc_type))

    def unraisable(args: "sys.UnraisableHookArgs") -> None:
        _log.error("%s: %s", args.err_msg or "ignored", type(args.object).__name__, exc_info=args.exc_value)

    loop.set_exception_handler(in_loop)
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable


def _line(what: str, kind: type[BaseException] | None) -> str:
    return f"{what} failed{f' ({kind.__name__})' if kind else ''} · the log says more"
