"""Inboxes as their operators know them: made, tested and watched."""
