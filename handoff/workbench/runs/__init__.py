"""Check, train and compare in the background."""
