"""Texts read with trained models: as many at once as are asked for, as a customer's would be read."""

from __future__ import annotations

import random
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.components.encoder import vectors_kept
from bot.encoder.runtime import forget_texts
from bot.input import LONGEST_TEXT, neutral
from bot.readings import Asked, ReadAll, opened, reading, with_wishes
from bot.trainer.line import Refused, Tell

KEPT = 2  # models in memory
SAMPLE = 200  # texts at most that are read one by one, for the time that it takes
AT_ONCE = 500


@dataclass(slots=True)
class _Model:
    name: str
    read_all: ReadAll
    stack: ExitStack


class Models:
    """The models read with last, kept loaded."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str, int, int], _Model] = OrderedDict()

    def read(self, asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
        """``model``: the archive; ``texts``: ``[{text, language?}]``; ``time: false``: no times."""
        texts = _texts(asked.get("texts"))
        model = self._of(asked.get("model"))
        tell("reading", 0.1)
        found = []
        with vectors_kept():
            for start in range(0, len(texts), AT_ONCE):
                found += with_wishes(texts[start : start + AT_ONCE], model.read_all)
                tell("reading", 0.1 + 0.7 * len(found) / len(texts))
        timed = asked.get("time", True) is not False
        return {
            "readings": [reading(one, model.name) for one in found],
            "ms": _timed(texts, model.read_all) if timed else [],
            "model": model.name,
        }

    def _of(self, path: Any) -> _Model:
        if not isinstance(path, str) or not Path(path).is_file():
            raise Refused("no_model", "'model' is the path of an archive that is there")
        said = Path(path).stat()
        key = (str(Path(path).resolve()), said.st_mtime_ns, said.st_size)
        if key in self._open:
            self._open.move_to_end(key)
            return self._open[key]
        while len(self._open) >= KEPT:
            self._open.popitem(last=False)[1].stack.close()
        stack = ExitStack()
        try:
            read_all = stack.enter_context(opened(Path(path)))
        except Exception as error:  # components raise what they like
            stack.close()
            raise Refused("broken_model", f"{Path(path).name} cannot be loaded: {error}") from error
        name = Path(path).name.removesuffix(".tar.gz")
        return self._open.setdefault(key, _Model(name, read_all, stack))


def _texts(given: Any) -> list[Asked]:
    if not isinstance(given, list):
        raise Refused("bad_request", "'texts' is a list")
    found = []
    for one in given:
        text, language = (one.get("text"), one.get("language")) if isinstance(one, dict) else (None, None)
        if not isinstance(text, str) or not isinstance(language, str | None):
            raise Refused("bad_request", "each of 'texts' is {text, language?}")
        found.append(Asked(neutral(text[:LONGEST_TEXT]), language))
    return found


def _timed(texts: Sequence[Asked], read_all: ReadAll) -> list[float]:
    """Milliseconds of each text of a sample, always the same one, each read by itself as in a turn."""
    forget_texts()  # the other model may have read the same
    if texts:
        read_all(texts[:1])
    times = []
    for text in random.Random(0).sample(texts, min(SAMPLE, len(texts))):
        started = time.perf_counter()
        with_wishes([text], read_all)
        times.append(round((time.perf_counter() - started) * 1000, 3))
    return times
