"""The help articles as trainers see them: written, previewed, and what they answer."""
