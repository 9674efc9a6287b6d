"""The bot: everything that runs inside the Rasa server (see README, "The house")."""
