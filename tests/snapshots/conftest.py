"""Pictures are of desks and values that the screens' own tests make."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))

from pytest_textual_snapshot import SVGImageExtension

# Under syrupy 5 and later the plugin's own name for it is not read, and a picture would be a file called `.raw`.
SVGImageExtension.file_extension = "svg"
