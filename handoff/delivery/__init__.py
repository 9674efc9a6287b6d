"""Getting messages out to channels that must be pushed to, surely and once."""
