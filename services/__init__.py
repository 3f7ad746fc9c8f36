"""Use cases: what an office does, without Prefect and without a web page."""
