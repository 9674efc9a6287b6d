"""Who takes the next waiting conversation."""
