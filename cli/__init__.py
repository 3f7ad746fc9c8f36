"""The `bulletin` command."""
