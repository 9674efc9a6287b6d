"""What the bot understands of a message: Rasa graph components, each in one file, and the
small learning machinery they share (``ngrams``, ``softmax``, ``scope``), which knows no Rasa."""
