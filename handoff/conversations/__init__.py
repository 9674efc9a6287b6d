"""Conversations: their messages, who owns them, and when they change hands."""
