"""Answers of the Graph API that are only looked up."""

from __future__ import annotations

from typing import Any

from handoff.simulators.accounts import Account
from handoff.simulators.asked import Asked
from handoff.simulators.refusals import bad_token
from handoff.simulators.simulator import Simulator

SCOPES = {
    "messenger": ["pages_messaging", "pages_manage_metadata", "pages_show_list"],
    "instagram": ["instagram_basic", "instagram_manage_messages", "pages_manage_metadata"],
    "whatsapp": ["whatsapp_business_messaging", "whatsapp_business_management"],
}


def debug_token(simulator: Simulator, asked: Asked) -> dict[str, Any]:
    """May be asked with the token itself or with the app's (``id|secret``). Times are whole
    seconds; ``expires_at`` 0: never."""
    mine = [a for a in simulator.accounts if a.platform != "telegram"]
    if not any(asked.token in (a.token, f"{a.app_id}|{a.app_secret}") for a in mine):
        raise bad_token()
    known = [a for a in mine if a.token == asked.given.get("input_token")]
    if not known:
        error = {"code": 190, "message": "Invalid OAuth access token."}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    account = known[0]
    expires = account.token_expires_at
    data: dict[str, Any] = {
        "app_id": account.app_id,
        "type": "PAGE" if account.platform != "whatsapp" else "SYSTEM_USER",
        "application": f"{account.name} (simulated)",
        "data_access_expires_at": int(expires),
        "expires_at": int(expires),
        "is_valid": not expires or simulator.clock.now() < expires,
        "scopes": SCOPES[account.platform],
    }
    if account.platform != "whatsapp":
        data["profile_id"] = account.page_id or account.id
    if not data["is_valid"]:
        data["error"] = {
            "code": 190,
            "message": "Error validating access token: Session has expired",
            "subcode": 463,
        }
    return {"data": data}


def about(account: Account, name: str = "") -> dict[str, Any]:
    if account.platform == "instagram" and name == account.id:
        told = {"user_id": account.id, "username": account.username, "account_type": "BUSINESS"}
        return {"id": account.id, "name": account.name} | told
    if account.platform == "whatsapp":
        return {
            "verified_name": account.name,
            "code_verification_status": "VERIFIED",
            "display_phone_number": f"+{account.phone}",
            "quality_rating": "GREEN",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "status": "CONNECTED",
            "id": account.id,
        }
    return {"name": account.name, "id": name or account.id}
