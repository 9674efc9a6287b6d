"""A small run of ``./setu bench faults``: platforms fail, gateway and bot are killed, agents take over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.faults import endure, options
from tests.support.servers import Place

SMALL = "--messages 300 --customers 15 --rate 30 --kills 1 --bot-kills 1 --dark 3 --agents 3"


@pytest.mark.timeout(600)  # where an answer was lost, the platform's word is waited for
async def test_nothing_is_lost_doubled_misordered_or_talked_over(tmp_path: Path) -> None:
    place = Place(tmp_path, {"SETU_LOG_LEVEL": "ERROR"})
    findings, notes = await endure(place, options(SMALL.split()))
    assert findings.faults() == {"lost": 0, "doubled": 0, "misordered": 0, "talked_over": 0}, findings
    assert not [note for note in notes if note.startswith("NOT DRAINED")], notes
