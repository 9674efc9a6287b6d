"""The reader of the whole history: pure, and suspicious of everybody.

Three witnesses are held against each other: what the customers said (by the simulators, which are on their
side), what the database has, and what the platforms showed to the customers. :func:`audit` finds

* **lost**: a customer's message that is not stored, or is neither answered nor with people; an answer
  that neither reached the customer nor is shown to people as undelivered; words that the customer got
  and the database does not have;
* **doubled**: a message stored twice, answered twice, or shown to the customer twice; words of ours taken
  for somebody else's;
* **misordered**: stored or shown in another order than said. A message that *arrived* only after a later
  one was stored cannot be put before it: such ones are ``late``, apart from these but always told. So are
  ``undatable`` ones: of two that overtook each other on the way, with the same time by the platform's own
  clock, nobody can tell which was first;
* **talked over**: words of the bot that went out to the customer after people had taken the talk. What
  was already under way when they took it (the call had begun, or :data:`UNDER_WAY` had not passed yet)
  cannot be called back: ``crossed``, apart but told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from tests.bench.history import Findings, History, Said, Shown, Span, Stored, at_time, spans

Key = TypeVar("Key")
Value = TypeVar("Value")

UNDER_WAY = 1.0  # seconds between the last look at who has the talk and the platform's taking the call
ANSWER = "re: "  # the fake bot answers with this and all the lines that it was asked


def audit(history: History) -> Findings:
    findings = Findings()
    threads = _by(history.stored, lambda one: one.conversation)
    owners = _owners(history)
    _inbound(history, findings)
    _elsewhere(history, findings)
    for conversation, thread in threads.items():
        thread.sort(key=lambda one: one.number)
        _answers(thread, owners[conversation], history.by_line, findings)
    _outbound(history, threads, owners, findings)
    return findings


def _owners(history: History) -> defaultdict[str, list[Span]]:
    steps = _by(history.steps, lambda one: one.conversation)
    found: defaultdict[str, list[Span]] = defaultdict(lambda: spans(()))
    found.update({conversation: spans(taken) for conversation, taken in steps.items()})
    return found


def _inbound(history: History, findings: Findings) -> None:
    """Everything said is stored, once, in order; and so is what agents wrote."""
    by_id = _by(
        (one for one in history.stored if one.sender == "customer"),
        lambda one: (one.inbox, one.external_id or one.id),
    )
    texts = Counter((m.inbox, m.contact, m.text) for m in history.stored if m.sender == "customer")
    order: dict[tuple[str, str], list[tuple[Said, Stored]]] = defaultdict(list)
    for said in history.said:
        found = by_id.get((said.inbox, said.id), [])
        if not found:
            findings.lost.append(f"not stored: {said.text!r} of {said.contact} ({said.id})")
            continue
        if len(found) > 1 or texts[said.inbox, said.contact, said.text] > 1:
            findings.doubled.append(f"stored twice: {said.text!r} of {said.contact} ({said.id})")
        order[said.inbox, said.contact].append((said, found[0]))
    for pairs in order.values():
        _in_order(pairs, history.arrived, findings)
    written = Counter(m.client_id for m in history.stored if m.sender == "agent")
    for client_id, text in history.replied.items():
        if not written[client_id]:
            findings.lost.append(f"an agent's reply is not stored: {text!r}")
        if written[client_id] > 1:
            findings.doubled.append(f"an agent's reply is stored twice: {text!r}")


def _elsewhere(history: History, findings: Findings) -> None:
    """What people wrote with the platform's own tools is in the talk, and nothing else is taken for it."""
    stored = Counter((m.inbox, m.external_id) for m in history.stored if m.elsewhere)
    written = {(shown.inbox, shown.id) for shown in history.persons}
    for shown in history.persons:
        if not stored[shown.inbox, shown.id]:
            findings.lost.append(f"a person wrote {shown.text!r} to {shown.contact} elsewhere: not stored")
    for message in history.stored:
        if message.elsewhere and (message.inbox, message.external_id) not in written:
            findings.doubled.append(f"taken for a person's words elsewhere: {_name(message)}")


def _in_order(
    pairs: list[tuple[Said, Stored]], arrived: Mapping[tuple[str, str], float], findings: Findings
) -> None:
    by_number = sorted(pairs, key=lambda pair: pair[1].number)
    for index, (said, stored) in enumerate(by_number):
        overtaken = next((pair for pair in by_number[:index] if pair[0].place > said.place), None)
        if overtaken is None:
            continue
        came, (other, before) = arrived.get((said.inbox, said.id)), overtaken
        what = f"{said.text!r} of {said.contact} is number {stored.number}, after {before.text!r}"
        if came is not None and came >= before.at:
            findings.late.append(f"{what}: it arrived {came - before.at:.2f} s after that was stored")
        elif said.told is not None and said.told == other.told:
            findings.undatable.append(what)
        else:
            findings.misordered.append(f"in: {what}")


def _answers(thread: list[Stored], owned: list[Span], by_line: bool, findings: Findings) -> None:
    """Each message of the customer is answered once, or people have it."""
    lines: Counter[str] = Counter()
    kept: set[str] = set()  # answers that came too late and were kept for the desk
    for message in thread:
        if message.sender == "bot":
            for line in message.text.removeprefix(ANSWER).split("\n"):
                if message.private:
                    kept.add(line)
                else:
                    lines[line] += 1
    asked = [message for message in thread if message.sender == "customer"]
    for index, message in enumerate(asked):
        if by_line and lines[message.text] > 1:
            findings.doubled.append(f"answered {lines[message.text]} times: {_name(message)}")
        if _with_people(message, owned) or _answered(message, thread, lines, by_line):
            continue
        if message.text not in kept and not _left_to_people(message, asked[index + 1 :], owned, lines):
            findings.lost.append(f"not answered: {_name(message)}")


def _with_people(message: Stored, owned: list[Span]) -> bool:
    return at_time(owned, message.at).owner != "bot"


def _answered(message: Stored, thread: list[Stored], lines: Counter[str], by_line: bool) -> bool:
    if by_line:
        return bool(lines[message.text])
    after = (one for one in thread if one.number > message.number and one.sender == "bot")
    return message.handled and any(not one.private for one in after)


def _left_to_people(message: Stored, later: list[Stored], owned: list[Span], lines: Counter[str]) -> bool:
    """People got the talk next, and the bot did not answer something later instead."""
    following = next((span for span in owned if span.start >= message.at), None)
    if following is None or following.owner == "bot":
        return False
    return not any(one.at < following.start and lines[one.text] for one in later)


def _outbound(
    history: History,
    threads: Mapping[str, list[Stored]],
    owners: Mapping[str, list[Span]],
    findings: Findings,
) -> None:
    """What we said reached the customer: once, in order, and not over a person's words."""
    messages = {message.id: message for message in history.stored}
    pushes = {push.message: push for push in history.pushes}
    known = _Known(history, messages)
    got: Counter[tuple[str, int]] = Counter()
    newest: dict[tuple[str, str], tuple[int, int]] = {}
    for shown in history.shown:
        last = newest.get((shown.inbox, shown.contact), (0, 0))
        found = known.which(shown, last[0])
        if found is None:
            findings.lost.append(f"{shown.contact} got {shown.text!r}, which the database does not have")
            continue
        message, place = found
        got[message.id, place] += 1
        if got[message.id, place] > 1:
            findings.doubled.append(f"shown {got[message.id, place]} times: {_name(message)}")
            continue
        if (message.number, place) < last:
            findings.misordered.append(f"out: {_name(message)} was shown after number {last[0]}")
        newest[shown.inbox, shown.contact] = max(last, (message.number, place))
        push = pushes.get(message.id)
        called = push.called.get(place, shown.at) if push else shown.at
        _silence(message, shown, called, owners[message.conversation], findings)
    delivered = {message_id for message_id, _ in got}
    for message in history.stored:
        if message.sender == "customer" or message.private or message.elsewhere:
            continue
        push = pushes.get(message.id)
        told = push is not None and push.state in ("dead", "dropped", "unsure")
        if message.id in delivered:
            if told and push is not None:
                findings.feared.append(f"{push.state}: {_name(message)}")
        elif told and push is not None:
            findings.undelivered.append(f"{push.state}: {_name(message)}")
        else:
            state = "never in the outbox" if push is None else push.state
            findings.lost.append(f"not shown to the customer ({state}): {_name(message)}")


def _silence(message: Stored, shown: Shown, called: float, owned: list[Span], findings: Findings) -> None:
    if message.sender != "bot":
        return
    now = at_time(owned, shown.at)
    if now.owner == "bot":
        return
    if any(span.owner == "queue" and span.start == message.at for span in owned):
        return  # the words with which the bot itself asked for a person
    what = f"{_name(message)} went out {shown.at - now.start:.3f} s after a {now.owner} had the talk"
    crossed = message.at < now.start and (called < now.start or shown.at - now.start <= UNDER_WAY)
    (findings.crossed if crossed else findings.talked_over).append(what)


class _Known:
    """Finds the message of ours that a customer was shown: by the platform's id, by our ref, by its words."""

    def __init__(self, history: History, messages: Mapping[str, Stored]) -> None:
        self._messages = messages
        self._by_id: dict[tuple[str, str], tuple[str, int]] = {}
        self._by_ref: dict[str, tuple[str, int]] = {}
        self._by_words: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        for push in history.pushes:
            message = messages[push.message]
            for place in {0, *push.parts}:
                self._by_ref[f"{push.id}.{place}"] = (push.message, place)
                if external_id := push.parts.get(place):
                    self._by_id[message.inbox, external_id] = (push.message, place)
        with_id = {message_id for message_id, _ in self._by_id.values()}
        for message in history.stored:
            if message.sender != "customer" and message.id not in with_id:
                self._by_words[message.inbox, message.contact, message.text].append(message.id)

    def which(self, shown: Shown, last: int) -> tuple[Stored, int] | None:
        """``last``: the number of the newest message that the customer has been shown."""
        found = self._by_id.get((shown.inbox, shown.id)) or self._by_ref.get(shown.ref or "")
        if found is None:
            words = self._by_words[shown.inbox, shown.contact, shown.text]
            if not words:
                return None
            # The same words may be said often ("Maria is here"): each showing is one of them, and as
            # nobody can tell them apart, one that comes after what was shown before.
            following = (one for one in words if self._messages[one].number > last)
            chosen = next(following, words[0])
            if len(words) > 1:
                words.remove(chosen)
            found = (chosen, 0)
        return self._messages[found[0]], found[1]


def _name(message: Stored) -> str:
    return f"number {message.number} of {message.contact} ({message.sender}: {message.text!r})"


def _by(values: Iterable[Value], key: Callable[[Value], Key]) -> dict[Key, list[Value]]:
    found: dict[Key, list[Value]] = defaultdict(list)
    for value in values:
        found[key(value)].append(value)
    return found
