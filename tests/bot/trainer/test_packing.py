"""A stream of gzip members is one archive to whoever reads it."""

from __future__ import annotations

import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.trainer import packing


@given(st.lists(st.binary(max_size=300), max_size=20), st.integers(1, 200))
def test_what_is_written_comes_out_of_gunzip(parts: list[bytes], block: int) -> None:
    out = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "BLOCK", block)
        with packing.Gzip(out) as packed:
            for part in parts:
                packed.write(part)
    assert gzip.decompress(out.getvalue()) == b"".join(parts)
