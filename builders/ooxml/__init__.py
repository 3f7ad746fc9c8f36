"""WordprocessingML, written as text: the only place that knows it.

    markup    runs, paragraphs, fields, links, bookmarks, tables, pictures
    sheet     styles.xml and fontTable.xml from a HouseStyle
    package   the other parts, and the zip that is the same bytes every time

Text is put together instead of a tree of python-docx objects: a paragraph costs about 2 us instead
of about 300, there is no template with theme fonts and ja-JP to clean up after, and the order of
every attribute is ours, so that the same issue gives the same bytes.
"""
