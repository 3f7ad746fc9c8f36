"""The rules of proofreading, a module a kind; `bulletin.proofread` puts them together."""
