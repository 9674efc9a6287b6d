"""Messenger, Instagram, WhatsApp Cloud and Telegram, played on this machine.

An independent reading of the platforms' documents, against which the channel adapters are checked:
it imports nothing else of ``handoff``. Shown to people by ``python -m handoff.simulators --port 8090``
(a page with phones at ``/``), used in a process by tests and benches::

    simulator = Simulator(seed=7)
    async with simulator.serving() as api_url:              # port 0: any free one
        page = simulator.account("messenger", name="Shop")  # instagram, whatsapp, telegram
        # page.id, .token, .app_id, .app_secret, .verify_token, .waba_id, .page_id (Instagram's page)
        # are an inbox's settings and credentials (tests.support.simulated.inbox makes one of them);
        # the inbox's options["api_url"] is api_url for every platform.
        page.point("http://127.0.0.1:8000/webhooks/INBOX")  # as done in the app's dashboard;
        # Telegram: the bot calls setWebhook, or account.point(url, secret, allowed): without
        # ``allowed`` there are no reactions
        ann = simulator.customer(page, name="Ann")          # ann.id: PSID, IGSID, wa_id or chat id
        said = ann.say("Where is my order?")                # the platform's id; at once, no await
        await ann.until(lambda: ann.texts())                # something was shown to her
        ann.tap("Track it")                                 # a button, choice, row or card's button by title
        ann.send_file(data, "me.jpg", "image/jpeg"); ann.send_location(48.2, 16.4, "Wien")
        ann.edit(said, "…"); ann.unsend(said); ann.react(ann.seen[-1].id, "❤"); ann.read(); ann.block()
        ann.answered_elsewhere("Hi, I am Joe")              # a person, from the page's own inbox
        for shown in ann.seen: ...   # everything delivered to her, in order (see ``world.Shown``):
            # .number .id .at (seconds, the simulator's time) .ref (what the sender gave: Messenger
            # ``metadata``, WhatsApp ``biz_opaque_callback_data``; the others have nothing alike: None)
            # .text .taps .cards .file .template .by ("app" | "person") .tag .state .edited_at .deleted_at
        ann.said      # everything she did, in order (``world.Said``): .id .at .text .payload .file …
        ann.signals   # typing and read marks that she saw: ("typing" | "read", at)
        await simulator.settled()    # every webhook has been answered 2xx (or was given up)

Faults, all from the seed, changed at any time::

    simulator.faults = Faults(duplicates=0.1, reorders=0.1, fail_before=0.03, fail_after=0.02, slow=0.01)
    simulator.go_dark(30)            # seconds; None: until simulator.light(). API refuses, webhooks wait
    simulator.clock.forward(25 * 3600)
    simulator.stats                  # what was done: calls, webhooks, duplicates, retries, cut answers …

``reorders`` holds a webhook back for up to ``reorder_within`` seconds (0.3), so that later ones of the
same customer overtake it; otherwise a customer's webhooks are sent one after the other, in order, and
wait for one that is being retried. WhatsApp's timestamps are whole seconds and its ids have no order:
what came twice within a second there and was reordered cannot be put right by anybody.
"""

from handoff.simulators.accounts import Account
from handoff.simulators.customers import Customer
from handoff.simulators.faults import Faults
from handoff.simulators.simulator import Simulator
from handoff.simulators.world import Said, Shown

__all__ = ["Account", "Customer", "Faults", "Said", "Shown", "Simulator"]
