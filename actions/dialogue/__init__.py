"""What the bot does beyond talking: one file for each customer task (the only rasa_sdk code)."""
