"""The process that checks the training data, trains on it and reads with what was trained.

Spoken to in lines of JSON (:mod:`bot.trainer.line`); kept running, it has Rasa imported, encoders loaded
and what it read and computed in memory, so that training again takes seconds.
"""
