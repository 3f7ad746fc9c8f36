"""The web desk for editors."""
