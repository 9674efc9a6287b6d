"""One copy of an encoder in a process, however many models read with it: it is 100 MB and slow to load."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from weakref import WeakValueDictionary

from bot.encoder.runtime import Encoder, fingerprint, read_card

#: Encoders that some model still uses; the last one to go takes its encoder along.
_in_use: WeakValueDictionary[tuple[str, str], Encoder] = WeakValueDictionary()
_one_at_a_time = Lock()


def shared_encoder(folder: Path) -> Encoder:
    """The encoder in the folder, as it is now; raises :class:`bot.encoder.runtime.EncoderMissing`."""
    key = (str(folder.resolve()), fingerprint(read_card(folder)))
    with _one_at_a_time:
        found = _in_use.get(key)
        if found is None:
            found = _in_use[key] = Encoder.load(folder)
        return found
