"""The gateway: channels, conversations, hand-off to people, and the pages they use."""
