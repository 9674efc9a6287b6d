"""How pushes go on is told to those who may read the conversation, and to nobody else."""

from __future__ import annotations

from handoff.conversations.ports import DeliveryChange
from tests.support.conversations import wish
from tests.support.gateway import Gateway

SENT = {"state": "sent", "mark": "sent", "error": None, "code": None, "parts": 1}


async def test_the_agent_who_has_the_talk_hears_of_it_and_others_do_not(running: Gateway) -> None:
    running.bot.answer = lambda _request: wish()
    visitor = await running.visit(await running.inbox())
    maria = await running.desk("Maria")
    await visitor.say("A person, please")
    await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    ben = await running.desk("Ben")
    await ben.live.call("watch", {"conversation": visitor.conversation_id})
    hub = running.conversations.context.hub
    await hub.delivery([DeliveryChange(visitor.conversation_id, 3, SENT), DeliveryChange("unknown", 1, SENT)])
    told = await maria.live.until("delivery")
    assert told == {"conversation_id": visitor.conversation_id, "number": 3, "delivery": SENT}
    await running.sockets.emit("over", {}, namespace="/desk")
    await ben.live.until("over")
    await maria.live.until("over")
    assert ben.live.of("delivery") == []
    assert len(maria.live.of("delivery")) == 1
    assert visitor.socket.of("delivery") == []
