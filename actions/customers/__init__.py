"""Customers: profiles, preferences, loyalty, consent."""
