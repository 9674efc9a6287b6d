"""Live connections to the widget and the desk."""
