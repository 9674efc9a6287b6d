"""A model goes live on all servers or none, if the gate or somebody who may allows it."""

from __future__ import annotations

import pytest

from handoff.errors import Conflict, Invalid, NotFound, Unavailable
from handoff.workbench.promotion.service import GateRefused
from tests.handoff.workbench.promotion.conftest import FAILED, PASSED, House

WHY = "The refund texts were wrong, I looked at them"


async def test_what_the_bots_run_at_first_is_put_on_record(house: House) -> None:
    told = await house.models.promotions.listed()
    assert (told["live"], told["former"]) == ("setu-first", None)
    assert [(one["kind"], one["model"]) for one in told["history"]] == [("first", "setu-first")]
    assert house.pointer() is not None
    assert house.pointer().name == "setu-first"


async def test_a_model_that_passed_goes_live_everywhere(house: House) -> None:
    await house.trained("better")
    await house.promote("better")
    assert house.lives() == ["better"] * 3
    told = await house.models.promotions.listed()
    assert (told["live"], told["former"]) == ("better", "setu-first")
    row = told["history"][0]
    assert (row["kind"], row["before"], row["agent"]["name"]) == ("promote", "setu-first", "Asha")
    assert (row["verdict"], row["override"]) == (PASSED, None)
    assert ("model_promoted", "better") in await house.audited()
    pointer = house.pointer()
    assert (pointer.name, pointer.recipe, pointer.promotion) == ("better", "r1", str(row["id"]))


async def test_a_model_that_failed_is_refused_with_the_lines_that_failed(house: House) -> None:
    await house.trained("worse", FAILED)
    for who, why in (("asha", None), ("asha", WHY), ("sunil", None), ("sunil", "   ")):
        with pytest.raises(GateRefused) as refused:
            await house.promote("worse", who, why)
        told = refused.value.body(house.context.texts)["error"]
        assert told["code"] == "gate_refused"
        assert [line["subject"] for line in told["lines"]] == ["get_refund"]
        assert "Each intent: get_refund" in told["message"]
    assert house.lives() == ["setu-first"] * 3


async def test_a_supervisor_overrides_with_a_reason_which_stays(house: House) -> None:
    await house.trained("worse", FAILED)
    with pytest.raises(Invalid, match="override_short"):
        await house.promote("worse", "sunil", "because")
    await house.promote("worse", "sunil", f"  {WHY} ")
    row = (await house.models.promotions.listed())["history"][0]
    assert (row["override"], row["verdict"]) == (WHY, FAILED)
    assert ("model_overridden", "worse") in await house.audited()


@pytest.mark.parametrize("state", ["failed", "cancelled", "comparing"])
async def test_a_model_whose_run_did_not_end_well_needs_an_override(house: House, state: str) -> None:
    await house.trained("odd", PASSED, state=state)
    with pytest.raises(GateRefused) as refused:
        await house.promote("odd")
    assert [line["code"] for line in refused.value.lines] == ["not_compared"]
    await house.promote("odd", "sunil", WHY)


async def test_a_comparison_with_another_model_than_the_live_one_does_not_count(house: House) -> None:
    await house.trained("one", champion="setu-first")
    await house.trained("two", champion="setu-first")
    await house.promote("one")
    with pytest.raises(GateRefused) as refused:
        await house.promote("two")
    assert refused.value.lines == [{"code": "other_champion", "passed": False, "subject": "setu-first"}]


async def test_an_override_that_is_not_needed_leaves_no_trace(house: House) -> None:
    await house.trained("better")
    await house.promote("better", "sunil", WHY)
    assert (await house.models.promotions.listed())["history"][0]["override"] is None


async def test_what_is_live_unknown_or_gone_cannot_be_promoted(house: House) -> None:
    with pytest.raises(NotFound, match="model_unknown"):
        await house.promote("nowhere")
    with pytest.raises(Conflict, match="model_live"):
        await house.promote("setu-first", "sunil", WHY)
    await house.trained("gone")
    (house.context.models / "gone.tar.gz").unlink()
    with pytest.raises(Conflict, match="model_missing"):
        await house.promote("gone")
    await house.trained("touched")
    (house.context.models / "touched.tar.gz").write_bytes(b"something else")
    with pytest.raises(Conflict, match="model_touched"):
        await house.promote("touched")
    assert house.lives() == ["setu-first"] * 3


async def test_if_one_server_refuses_the_model_no_customer_ever_meets_it(house: House) -> None:
    new = await house.trained("heavy")
    house.bots[1].refuses.add(new.sha256)
    with pytest.raises(Conflict, match="server_refused") as refused:
        await house.promote("heavy")
    assert "bot-1" in refused.value.body(house.context.texts)["error"]["message"]
    assert house.lives() == ["setu-first"] * 3
    assert [bot.lives for bot in house.bots] == [[], [], []]
    assert [bot.held().spare for bot in house.bots] == [None] * 3
    assert await house.live() == "setu-first"
    assert ("promotion_failed", "heavy") in await house.audited()


async def test_if_one_server_will_not_change_the_others_change_back(house: House) -> None:
    new = await house.trained("sticky")
    house.bots[2].refuses_to_change.add(new.sha256)
    with pytest.raises(Conflict, match="server_refused"):
        await house.promote("sticky")
    assert house.lives() == ["setu-first"] * 3
    assert await house.live() == "setu-first"


async def test_a_server_that_is_away_is_caught_up_when_it_is_back(house: House) -> None:
    await house.trained("better")
    house.bots[0].away = True
    await house.promote("better")
    assert await house.states() == ["away", "ok", "ok"]
    house.bots[0].away = False
    assert await house.states() == ["behind", "ok", "ok"]
    await house.look()
    assert house.lives() == ["better"] * 3
    assert await house.states() == ["ok"] * 3


async def test_without_any_server_nothing_is_promoted(house: House) -> None:
    await house.trained("better")
    for bot in house.bots:
        bot.away = True
    with pytest.raises(Unavailable, match="no_server"):
        await house.promote("better")
    assert await house.live() == "setu-first"


async def test_a_server_that_started_again_with_an_old_model_is_caught_up(house: House) -> None:
    await house.trained("better")
    await house.promote("better")
    house.bots[1].start()
    assert house.lives() == ["better", "setu-first", "better"]
    await house.look()
    assert house.lives() == ["better"] * 3


async def test_a_server_that_refuses_what_is_live_is_told_of_and_not_asked_at_every_look(
    house: House,
) -> None:
    new = await house.trained("better")
    house.bots[0].away = True
    await house.promote("better")
    house.bots[0].away = False
    house.bots[0].refuses.add(new.sha256)
    await house.look()
    servers = await house.models.reconcile.servers()
    assert (servers[0]["state"], servers[0]["model"]) == ("failed", "setu-first")
    assert "cannot_load" in servers[0]["error"]
    house.bots[0].refuses.clear()
    await house.look()
    assert house.bots[0].live == "setu-first"
    house.clock.forward(minutes=2)
    await house.look()
    assert house.bots[0].live == "better"
    assert await house.states() == ["ok"] * 3


async def test_one_click_leads_back_and_another_one_further(house: House) -> None:
    for name in ("one", "two"):
        await house.trained(name)
        await house.promote(name)
    sent = [len(bot.taken) for bot in house.bots]
    await house.roll_back()
    assert house.lives() == ["one"] * 3
    assert [len(bot.taken) for bot in house.bots] == sent  # they had it at hand
    await house.roll_back()
    assert house.lives() == ["setu-first"] * 3
    with pytest.raises(Conflict, match="nothing_before"):
        await house.roll_back()
    kinds = [(one["kind"], one["model"]) for one in (await house.models.promotions.listed())["history"]]
    assert kinds[:2] == [("roll_back", "setu-first"), ("roll_back", "one")]
    assert ("model_rolled_back", "one") in await house.audited()


async def test_only_the_last_models_keep_their_files(house: House) -> None:
    for number in range(12):
        await house.trained(f"promoted-{number:02}")
        await house.promote(f"promoted-{number:02}")
    for number in range(11):
        await house.trained(f"trained-{number:02}")
    await house.models.promotions.prune()
    there = sorted(path.name.removesuffix(".tar.gz") for path in house.context.models.glob("*.tar.gz"))
    promoted = [f"promoted-{number:02}" for number in range(7, 12)]
    trained = [f"trained-{number:02}" for number in range(1, 11)]
    assert there == [*promoted, "setu-first", *trained]  # what was not trained here is not ours to remove
    assert {one["name"] for one in (await house.models.promotions.listed())["models"]} == set(there)
