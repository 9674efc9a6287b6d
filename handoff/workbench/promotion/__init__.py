"""Which model is live, on all servers; the one that only listens; the way back."""
