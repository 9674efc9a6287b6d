"""Customers, the shop, decisions, and the action server that tells the bot about them."""
