"""The conversation tests of ``tests/stories``, played in a sandbox. Blocking, for threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from actions.shop.demo import demo_customers
from bot.contract import TurnReply
from handoff.workbench.talks.playing import Outcome, Player, Problem
from handoff.workbench.talks.story import Responses, Story, StoryError

FOLDER = "tests/stories"
ANONYMOUS_LOCALE = "en-IN"


class Stage(Protocol):
    """What is used of a :class:`handoff.workbench.talks.sandbox.Sandbox`."""

    @property
    def running(self) -> bool: ...
    def start(self, model: Path) -> None: ...
    def load(self, model: Path) -> None: ...
    def begin_anew(self) -> None: ...
    def ask(self, request: dict[str, Any], /) -> TurnReply: ...
    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Played:
    """``file``: the path from the root."""

    file: str
    outcome: Outcome

    def told(self) -> dict[str, Any]:
        """As in a report."""
        return {
            "title": self.outcome.title,
            "file": self.file,
            "script": self.outcome.script,
            "problems": [problem.told() for problem in self.outcome.problems],
        }


class Suite:
    """Reads what it plays when it is made, so that a run is judged by one state of the files."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._responses = Responses(sorted((root / "data" / "responses").glob("*.yml")))
        self._customers = {customer.story: customer for customer in demo_customers()}
        self.files = sorted(
            path.relative_to(root).as_posix() for path in (root / FOLDER).glob("*/*.yml") if path.is_file()
        )

    def play(self, sandbox: Stage, file: str) -> Outcome:
        """One test over an untouched shop, with the model that the sandbox has."""
        path = self._root / file
        try:
            story = Story.read(path)
        except (StoryError, OSError) as error:
            return Outcome(path.stem, [], [Problem(0, "story", got=str(error))], str(error))
        return self.play_story(sandbox, story)

    def play_story(self, sandbox: Stage, story: Story) -> Outcome:
        """Likewise one that stands in no file of tests."""
        sandbox.begin_anew()
        customer = self._customers.get(story.customer or "")
        customer_id = customer.id if customer else story.customer
        locale = story.locale or (customer.locale if customer else ANONYMOUS_LOCALE)
        return Player(sandbox.ask, self._responses, customer_id, locale).play(story)

    def play_all(self, sandbox: Stage, files: Iterable[str], tell: Callable[[int], None]) -> Sequence[Played]:
        """In order; ``tell`` is told how many are done. Ends early with what was played once the sandbox is
        stopped."""
        played: list[Played] = []
        for file in files:
            if not sandbox.running:
                break
            played.append(Played(file, self.play(sandbox, file)))
            tell(len(played))
        return played
