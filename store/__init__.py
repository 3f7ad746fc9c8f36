"""The only place with SQL: pool of articles, ledger of numbers, archive of files, search.

    from store.database import open_store

    store = open_store(home)
    with store.transaction() as t:
        t.articles.add("default", article, verdict=verdict)

The database holds what is known, `home/files` the bytes under their SHA-256; together they are
the whole state of an installation.
"""
