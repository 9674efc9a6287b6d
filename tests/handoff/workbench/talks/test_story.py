"""Conversation tests are read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from handoff.workbench.talks.story import Responses, Story, StoryError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("conversation: [", "x.yml"),
        ("- a list", "mapping"),
        ("steps: [{user: hello}]", "needs conversation"),
        ("conversation: a talk", "needs conversation"),
        ("conversation: a talk\nsteps: [{user: hi}]\nmood: good", "mood"),
        ("conversation: a talk\nsteps: [{user: hi, tap: 'Yes'}]", "step 1"),
        ("conversation: a talk\nsteps: [{user: hi, expect: {mood: good}}]", "mood"),
        ("conversation: a talk\nsteps: [hi]", "step 1"),
    ],
)
def test_what_is_no_story_is_refused_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.yml"
    path.write_text(text)
    with pytest.raises(StoryError, match=said):
        Story.read(path)


def test_a_response_is_known_whatever_fills_its_blanks(root: Path) -> None:
    responses = Responses(sorted((root / "data" / "responses").glob("*.yml")))
    assert responses.matches("utter_greet", "Hello Ann of the hills!")
    assert responses.matches("utter_greet", " Hi there ")
    assert not responses.matches("utter_greet", "Bye")
    with pytest.raises(StoryError, match="utter_nothing"):
        responses.matches("utter_nothing", "Bye")
