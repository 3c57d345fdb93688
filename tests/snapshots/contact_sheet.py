"""Every picture on a few pages, to be looked at: `python tests/snapshots/contact_sheet.py FOLDER [NAME…]`.

Writes sheet-01.png and so on into FOLDER, with the pictures whose path has one of the NAMEs (none: all). It needs
Chromium, and draws in the machine's monospaced font.
"""

import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

PICTURES = Path(__file__).with_name("__snapshots__")
WIDTH, HEIGHT = 1560, 1300
"""Of a page, in pixels."""

CHARACTER = 6.3
"""Pixels of a character's width from which its text can be read."""

_STYLE = (
    "body{margin:8px;background:#777;font:13px sans-serif}figure{display:inline-block;margin:4px;vertical-align:top}"
)
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars", "--disable-sync")
_QUIET = ("--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND")


def main(folder: Path, names: Sequence[str]) -> None:
    """Write the pages into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    found = [path for path in sorted(PICTURES.rglob("*.svg")) if not names or any(name in str(path) for name in names)]
    for number, page in enumerate(pages(found), start=1):
        write(folder / f"sheet-{number:02}.png", page)
        print(f"sheet-{number:02}.png:", ", ".join(path.stem for path, _, _ in page))


Placed = tuple[Path, int, int]
"""A picture with its width and height on the page in pixels."""


def pages(found: Sequence[Path]) -> Iterator[list[Placed]]:
    """The pictures in their order, as many on a page as fit."""
    page: list[Placed] = []
    x = y = row = 0
    for path in found:
        width, height = size_of(path)
        if x + width > WIDTH - 20:
            x, y, row = 0, y + row, 0
        if page and y + height + 30 > HEIGHT:
            yield page
            page, x, y, row = [], 0, 0, 0
        page.append((path, width, height))
        x, row = x + width + 12, max(row, height + 30)
    if page:
        yield page


def size_of(path: Path) -> tuple[int, int]:
    """How large a picture is where each of its characters can be read."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', path.read_text(encoding="utf-8"))
    assert box, f"{path} has no size"
    # A character is 12.2 wide in a picture.
    scale = min(CHARACTER / 12.2, (WIDTH - 40) / float(box[1]))
    return round(float(box[1]) * scale), round(float(box[2]) * scale)


def write(target: Path, page: Sequence[Placed]) -> None:
    """Draw a page."""
    figures = (
        f'<figure><figcaption>{html.escape(path.stem)}</figcaption><img src="{path.as_uri()}" width={width} '
        f"height={height}></figure>"
        for path, width, height in page
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(f"<meta charset=utf-8><style>{_STYLE}</style>{''.join(figures)}", encoding="utf-8")
        flags = (*_FLAGS, *_QUIET, f"--user-data-dir={folder}/profile", f"--window-size={WIDTH},{HEIGHT}")
        chromium = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
        command = [chromium, *flags, f"--screenshot={target.resolve()}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
