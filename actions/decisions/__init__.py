"""Decisions: pure functions, no I/O."""
