"""Half a surrogate pair costs only itself."""

import msgspec
import pytest

from mytrader_tui.feeds.json_text import decode_json

TEXTS = msgspec.json.Decoder(list[str])


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (rb'["A\ud83d", "B"]', ["A\ufffd", "B"]),
        (rb'["\udc00A"]', ["\ufffdA"]),
        (rb'["\ud83d\ud83d\ude00"]', ["\ufffd😀"]),
        (rb'["\uD83D\uDE00 \uD83D"]', ["😀 \ufffd"]),
        (rb'["\\ud83d", "\ud83d"]', ["\\ud83d", "\ufffd"]),
        (rb'["\\\ud83d"]', ["\\\ufffd"]),
        (rb'["\n\u00e9\""]', ['\né"']),
    ],
)
def test_a_half_is_replaced_and_all_else_stays(body: bytes, texts: list[str]) -> None:
    assert decode_json(TEXTS, body) == texts


@pytest.mark.parametrize("body", [b"", b"[", rb'["\ud83d"', b"<html>", rb'{"\ud83d": 1}', b'["\xff"]'])
def test_what_is_wrong_besides_is_still_wrong(body: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)):
        decode_json(TEXTS, body)
