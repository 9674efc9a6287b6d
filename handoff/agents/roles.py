"""What a role may do. Pure."""

from __future__ import annotations

ROLES = ("agent", "supervisor", "trainer", "operator")
DESK = frozenset({"agent", "supervisor", "operator"})  # may use the desk
SEES_ALL = frozenset({"supervisor", "operator"})  # may open every conversation
INBOXES = frozenset({"supervisor", "operator"})  # may make and change inboxes
WORKBENCH = frozenset({"trainer", "supervisor", "operator"})  # may use the workbench
OVERRIDES = frozenset({"supervisor", "operator"})  # may promote what the gate refuses, and assign work
