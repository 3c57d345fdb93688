"""HTTP answers of the demo: typed values as JSON."""

import msgspec
from starlette.responses import Response


class Problem(msgspec.Struct, omit_defaults=True):
    """Alpaca's error body."""

    message: str
    code: int = 0


def json_response(value: object, status: int = 200) -> Response:
    """`value` (a Struct, or a list or map of them) as JSON; a Decimal becomes a string, as Alpaca has it."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def problem(status: int, message: str, code: int = 0) -> Response:
    """An error in Alpaca's form."""
    return json_response(Problem(message, code), status)
