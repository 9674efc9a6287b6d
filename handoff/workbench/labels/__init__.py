"""What utterances mean, as people say: given, undone, compared, settled."""
