"""WordprocessingML: the only place that knows it.

    markup    runs, paragraphs, fields, links, bookmarks, pictures, as text
    grids     tables
    sheet     styles.xml and fontTable.xml from a HouseStyle
    settings  settings.xml
    paper     sections, margins, page numbers
    base      the package of a style with an empty text, made once
    package   text, pictures and properties in it, and the zip that is the same bytes every time
    form      the masthead and the styles of somebody's DOCX, made ready to stand in ours
    ties      what ties such paragraphs to their file, cut
    reading   how the paragraphs of somebody's DOCX look

The package with its parts, relations and properties is python-docx's. The text is put together as
text and handed to it whole: a paragraph costs about 2 us instead of about 300, and the order of
every attribute is ours, so that the same issue gives the same bytes.
"""
