"""Conversation tests and replays of real talks, played against a model nobody else talks to."""
