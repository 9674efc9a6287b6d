"""What customers write becomes utterances: once, counted, grouped, masked, with what came of it."""

from __future__ import annotations

from handoff.workbench.gathering import gather
from handoff.workbench.gathering.marks import Moved
from tests.handoff.workbench.gathering.conftest import Bench, together, understood


async def test_what_was_written_is_counted_once_however_often_and_however_dressed(bench: Bench) -> None:
    for text in ("where is my parcel", "Where is my parcel?", "WHERE is my parcel!!!"):
        await bench.write(text, contact=text)
    await bench.gathered()
    [row] = await bench.rows()
    assert (row.text, row.count, row.language, row.script) == ("where is my parcel", 3, "en", "Latn")
    assert (row.intent, row.reading["margin"]) == ("track_order", 0.85)
    await bench.gathered()
    assert [row.count for row in await bench.rows()] == [3]


async def test_near_duplicates_stand_behind_one_of_them(bench: Bench) -> None:
    for text in ("where is my parcel", "where is my parcel bro", "i want my money back"):
        await bench.write(text, contact=text)
    await bench.gathered()
    first, second, other = await bench.rows()
    assert (first.hidden, second.hidden, other.hidden) == (False, True, False)
    assert second.group_id == first.group_id == first.id
    assert (first.group_size, first.signals["written"]) == (2, 2)
    assert other.group_id == other.id


async def test_nothing_personal_is_kept(bench: Bench) -> None:
    await bench.write("my name is Ravi Kumar, mail ravi.k@gmail.com about SO-104523")
    await bench.gathered()
    [row] = await bench.rows()
    assert row.text == "my name is Mira Sen, mail asha@example.com about SO-100001"
    kept = f"{row.text}{row.reading}{row.signals}"
    assert "ravi" not in kept.lower()
    assert "104523" not in kept


async def test_entities_point_at_the_stand_ins(bench: Bench) -> None:
    text = "is 104523 at 22 in red"
    found = [
        {"entity": "order_number", "value": "SO-104523", "start": 3, "end": 9},
        {"entity": "colour", "value": "red", "start": 19, "end": 22},
    ]
    await bench.write(text, as_=understood(entities=found))
    await bench.gathered()
    [row] = await bench.rows()
    spelt = [(one["entity"], row.text[one["start"] : one["end"]]) for one in row.reading["entities"]]
    assert spelt == [("order_number", "100001"), ("colour", "red")]


async def test_taps_and_what_people_answered_are_nobodys_utterances(bench: Bench) -> None:
    await bench.house.write(payload="/greet", title="Hello")
    await bench.gathered()
    assert await bench.rows() == []


async def test_two_gateways_count_nothing_twice(bench: Bench) -> None:
    for i in range(6):
        await bench.write(f"where is parcel {'abcdef'[i] * 4} of mine", contact=str(i))
    bench.clock.pass_(60)
    done = await together(*(gather.gather(bench.context) for _ in range(4)))
    assert all(isinstance(one, int | Moved) for one in done)
    assert sum(row.count for row in await bench.rows()) == 6


async def test_who_had_to_go_to_a_person_right_after_was_not_understood(bench: Bench) -> None:
    await bench.write("the thing on my thing is off")
    bench.clock.pass_(60)
    row_before = await _only(bench)
    conversation = row_before.conversation_id
    assert conversation is not None
    agent = await bench.house.agent()
    bench.clock.at = row_before.last_at
    await bench.house.conversations.claim(conversation, agent)
    await bench.looked_back()
    row = await _only(bench)
    assert row.signals.get("handed_over") == 1
    assert "handed_over" in row.reasons
    assert row.score > row_before.score


async def test_displeasure_after_the_answer_counts_and_is_counted_once(bench: Bench) -> None:
    await bench.write("it does not fit me")
    bad = understood("complaint", sentiment={"label": "negative", "score": -0.8})
    await bench.write("you are useless", as_=bad)
    await bench.gathered()
    await bench.looked_back()
    await bench.looked_back()
    row = await bench.row("it does not fit me")
    assert row.signals["disliked"] == 1
    assert "disliked" in row.reasons


async def test_near_duplicates_that_are_read_differently_make_each_other_useful(bench: Bench) -> None:
    await bench.write("please cancel the order i made yesterday evening")
    await bench.gathered()
    before = await bench.row("please cancel the order i made yesterday evening")
    await bench.write("please cancel the order i made yesterday evening ok", "bob", understood("return_item"))
    await bench.gathered()
    after = await bench.row("please cancel the order i made yesterday evening")
    assert after.signals["disagree"] == 1
    assert after.score > before.score
    assert "disagree" in after.reasons


async def test_one_in_ten_groups_is_drawn_for_the_test_set_with_all_its_like(bench: Bench) -> None:
    words = ["red", "blue", "green", "wool", "silk", "linen", "rainy", "sunny", "tiny", "huge"]
    texts = [f"do you sell {a} trousers for {b} days" for a in words for b in words[::2]]
    for i, text in enumerate(texts):
        await bench.write(text, contact=f"c{i}")
    await bench.gathered()
    rows = await bench.rows()
    heads = {row.id: row for row in rows if not row.hidden}
    assert all(row.frozen == heads[row.group_id or ""].frozen for row in rows)
    assert all(row.sampled == row.frozen for row in rows)


async def _only(bench: Bench):  # type: ignore[no-untyped-def]
    await bench.gathered()
    [row] = await bench.rows()
    return row
