"""Agents and the other people who sign in: accounts, roles, presence."""
