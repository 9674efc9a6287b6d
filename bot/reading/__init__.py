"""What people write, read the same way by the bot and by the shop: folding, words, numbers, money, dates.

Pure but for :func:`reading.language.read_file`. The languages are data: ``data/entities/<lang>.yml``, whose
format its README tells. Nothing here knows of Rasa, the database or a web server.
"""
