"""A stand-in for ``python -m bot.trainer``: the same lines of JSON. ``say.json`` tells it what to do:

``{"problems": […]}`` it finds these; ``{"die": "train"}`` it ends there; ``{"fail": …}`` it refuses;
``{"hang": "train"}`` it never answers.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

MODULE = Path(__file__)


def install(root: Path) -> Path:
    """Make ``bot.trainer`` below ``root`` this file."""
    for folder in (root / "bot", root / "bot" / "trainer"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    (root / "bot" / "trainer" / "__main__.py").write_text(MODULE.read_text("utf-8"), "utf-8")
    return root


def tell(root: Path, **what: Any) -> None:
    """From the next question on."""
    (root / "say.json").write_text(json.dumps(what), "utf-8")


def say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main() -> None:
    say({"ready": True})
    for line in sys.stdin:
        question = json.loads(line)
        number, do = question["id"], question["do"]
        told = Path("say.json")
        what = json.loads(told.read_text("utf-8")) if told.exists() else {}
        say({"id": number, "progress": {"step": do, "share": 0.5}})
        if what.get("hang") == do:
            Path("hangs").touch()
            time.sleep(600)
        if what.get("die") == do:
            sys.exit("its last words")
        if what.get("fail") == do:
            say({"id": number, "failed": {"code": "training_failed", "message": "it went wrong"}})
        elif do == "check":
            say({"id": number, "done": {"problems": what.get("problems", []), "data": {"examples": 7}}})
        elif do == "train":
            Path(question["out"]).write_bytes(b"a model")
            say({"id": number, "done": {"seconds": {}, "reused": ["Sentiment"], "base": question["base"]}})
        else:
            say({"id": number, "failed": {"code": "unknown", "message": do}})


if __name__ == "__main__":
    main()
