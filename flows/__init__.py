"""Prefect flows: thin tasks over the services. Without the decorators the code still works."""
