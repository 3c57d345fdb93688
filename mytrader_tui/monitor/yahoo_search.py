"""Yahoo's search: one question at a time, each once, and none that nobody waits for any more."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from mytrader_tui.feeds.yahoo.failure import YahooError
from mytrader_tui.market.finding import folded
from mytrader_tui.market.listing import Found, Listing

MOST_KEPT = 100
"""Answers that are kept, the oldest of which give way."""

WAIT_SECONDS = 12.0
"""How long an answer is waited for: a question may have to wait for another's answer first."""

Ask = Callable[[str], Awaitable[tuple[Listing, ...]]]


class _Question(NamedTuple):
    text: str
    answer: "asyncio.Future[Found]"


class YahooSearch:
    """Asks with `ask`, which raises YahooError. `run` does the asking, whoever waits for it."""

    def __init__(self, ask: Ask, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._ask = ask
        self._wait_seconds = wait_seconds
        self._answers: dict[str, tuple[Listing, ...]] = {}
        self._questions: asyncio.Queue[_Question] = asyncio.Queue()

    def known(self, text: str) -> tuple[Listing, ...] | None:
        """The answer to `text`, if it was asked before."""
        return self._answers.get(folded(text))

    def heard(self) -> tuple[Listing, ...]:
        """Every listing told so far, those of the newest answer first."""
        return tuple(listing for answer in reversed(self._answers.values()) for listing in answer)

    async def find(self, text: str) -> Found:
        """What Yahoo takes `text` for, or why it cannot be told. Whoever stops waiting takes the question back."""
        question = _Question(folded(text), asyncio.get_running_loop().create_future())
        self._questions.put_nowait(question)
        try:
            async with asyncio.timeout(self._wait_seconds):
                return await question.answer
        except TimeoutError:
            return Found(note="Yahoo does not answer the search.")

    async def run(self) -> None:
        """Answer the questions in their order until cancelled."""
        while True:
            question = await self._questions.get()
            if not question.answer.done():
                found = await self._answer(question.text)
                if not question.answer.done():
                    question.answer.set_result(found)

    async def _answer(self, text: str) -> Found:
        kept = self._answers.get(text)
        if kept is None:
            try:
                kept = await self._ask(text)
            except YahooError as error:
                return Found(note=f"Yahoo cannot be searched: {error}.")
            self._keep(text, kept)
        return Found(kept)

    def _keep(self, text: str, found: tuple[Listing, ...]) -> None:
        self._answers[text] = found
        while len(self._answers) > MOST_KEPT:
            del self._answers[next(iter(self._answers))]
