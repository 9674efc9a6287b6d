"""``python -m tests.support.smallbot FOLDER``: train the small bot into a folder."""

import sys
from pathlib import Path

from tests.support.smallbot import train

train(Path(sys.argv[1]))
