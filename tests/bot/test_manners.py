"""A kind word comes when the mood is low, not beside an apology, and not again and again."""

import pytest

from bot.manners import manners

EMPATHY = manners().empathy
LOW = {"label": "very_negative", "score": -0.9}


@pytest.mark.parametrize(
    ("intent", "sentiment", "since", "wanted"),
    [
        ("track_order", LOW, None, True),
        ("track_order", LOW, 2, False),
        ("track_order", LOW, 6, True),
        ("track_order", {"label": "neutral", "score": 0.0}, None, False),
        ("track_order", {}, None, False),
        ("complaint", LOW, None, False),
        ("late_parcel", LOW, None, False),
        (None, LOW, None, False),
    ],
)
def test_a_kind_word_has_its_time(intent, sentiment, since, wanted) -> None:
    assert EMPATHY.wanted(intent, sentiment, since) is wanted


def test_a_file_that_lacks_a_part_is_refused(tmp_path) -> None:
    (tmp_path / "manners.yml").write_text("wishes: {}\n")
    with pytest.raises(KeyError):
        manners(tmp_path / "manners.yml")
