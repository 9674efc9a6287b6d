"""Channels: one protocol, one file for each kind."""
