"""Instagram Direct, by way of the Facebook page that the account is linked to.

As Messenger, with these differences: a text has at most 1,000 bytes (not characters), only PDFs are
taken as files, a read mark names a message, and echoes do not say which application sent them: ours
are known by the id that the Send API answered.
https://developers.facebook.com/documentation/business-messaging/instagram-messaging
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from handoff.channels import messenger_parts
from handoff.channels.base import Capabilities, Part, Rate, Setting
from handoff.channels.messenger import Messenger, Platform


class Instagram(Messenger):
    """Messages of an Instagram professional account."""

    platform: ClassVar = Platform(
        kind="instagram",
        account="account_id",
        scopes=frozenset({"instagram_manage_messages", "pages_manage_metadata"}),
        fields="messages,messaging_postbacks,messaging_referral,message_reactions,messaging_seen,"
        "messaging_handover,standby",
        page_fields="messages,messaging_postbacks",
        metadata=False,
    )
    capabilities = Capabilities(
        buttons=3,
        button_limit=20,
        choices=13,
        choice_limit=20,
        cards=10,
        card_buttons=3,
        card_limit=80,
        images=True,
        files=True,
        typing=True,
        read_receipts=True,
        text_limit=1000,
        text_bytes=True,
        reply_window=timedelta(hours=24),
        human_window=timedelta(days=7),
        evidence=False,
        rate=Rate(per_second=40, burst=40),
    )
    settings: tuple[Setting, ...] = (Setting("account_id"), *Messenger.settings)

    def message(self, part: Part) -> dict[str, Any]:
        file = part.file
        if file and file.kind not in ("image", "audio", "video") and file.media_type != "application/pdf":
            return {"text": f"{file.name}\n{file.url}".strip()}
        return messenger_parts.message(part)
