"""The demo's HTTP faults: a layer in front of an app that can answer in its place, or spoil its answer."""

from collections.abc import Callable

import msgspec
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mytrader_tui.demo.faults import Faults
from mytrader_tui.demo.seen import Seen

_PAGE = "<!DOCTYPE html><html><head><title>Consent</title></head><body>Before you continue</body></html>"


class HttpFault(msgspec.Struct, frozen=True):
    """What is wrong with one request's answer."""

    status: int | None = None
    retry_after: str | None = None
    hang: bool = False
    html: bool = False
    half: bool = False


def rest_fault(faults: Faults, _path: str) -> HttpFault:
    """What the faults do to Alpaca's REST."""
    return HttpFault(
        faults.rest_status, faults.rest_retry_after, faults.rest_hang, faults.rest_html, faults.rest_half_json
    )


def yahoo_fault(faults: Faults, path: str) -> HttpFault:
    """What the faults do to a Yahoo path; the host that gives the cookie stays well."""
    limited = faults.yahoo_paths and not path.startswith(faults.yahoo_paths)
    if path == "/" or limited:
        return HttpFault()
    return HttpFault(faults.yahoo_status, faults.yahoo_retry_after, faults.yahoo_hang, faults.yahoo_html)


class FaultLayer:
    """An ASGI app around another one."""

    def __init__(self, app: ASGIApp, faults: Faults, seen: Seen, fault_of: Callable[[Faults, str], HttpFault]) -> None:
        self._app = app
        self._faults = faults
        self._seen = seen
        self._fault_of = fault_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, spoil or pass on one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._seen.request(_host(scope["path"]), _with_query(scope))
        fault = self._fault_of(self._faults, scope["path"])
        if fault.hang:
            await _until_gone(receive)
        elif fault.html or fault.status is not None:
            await _instead(fault)(scope, receive, send)
        elif fault.half:
            await _halved(self._app, scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _host(path: str) -> str:
    if path.startswith("/v2/stocks"):
        return "data"
    return "trading" if path.startswith("/v2/") else "yahoo"


def _with_query(scope: Scope) -> str:
    query: bytes = scope["query_string"]
    return f"{scope['path']}?{query.decode('latin-1')}" if query else str(scope["path"])


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _instead(fault: HttpFault) -> Response:
    headers = {"Retry-After": fault.retry_after} if fault.retry_after is not None else {}
    status = fault.status or 200
    if fault.html:
        return HTMLResponse(_PAGE, status, headers)
    body = msgspec.json.encode({"code": status * 100_000, "message": "the demo refuses"})
    return Response(body, status, headers, media_type="application/json")


async def _halved(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Pass the request on and send the first half of what comes back, as if that were all."""
    start: Message = {}
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    half = bytes(body[: len(body) // 2])
    headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    await send({**start, "headers": [*headers, (b"content-length", str(len(half)).encode())]})
    await send({"type": "http.response.body", "body": half})
