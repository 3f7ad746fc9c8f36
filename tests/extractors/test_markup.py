"""Markdown."""

from bulletin.model import Role, Submission
from extractors.registry import extract

TEXT = """---
title: 别的
---
# 便民服务

正文**要点**在此，
续行。Latin
words

　　缩进的段落\\
换行<br>再换

3. 第三
4. 第四
   - 内层

> 引文

| 时间 | 内容 |
|------|------|
| 5月  | `a`  |

```
代码 1
代码 2
```

![图片说明](a.png)
"""


def test_blocks_of_a_markdown_text() -> None:
    document = extract(Submission(name="a.md", content=TEXT.encode()))
    assert [(str(block.type), block.level, block.text, block.rows) for block in document.blocks] == [
        ("heading", 1, "便民服务", ()),
        ("paragraph", 0, "正文要点在此，续行。Latin words", ()),
        ("paragraph", 0, "缩进的段落", ()),
        ("paragraph", 0, "换行", ()),
        ("paragraph", 0, "再换", ()),
        ("paragraph", 0, "3. 第三", ()),
        ("paragraph", 0, "4. 第四", ()),
        ("paragraph", 0, "内层", ()),
        ("paragraph", 0, "引文", ()),
        ("table", 0, "", (("时间", "内容"), ("5月", "a"))),
        ("paragraph", 0, "代码 1", ()),
        ("paragraph", 0, "代码 2", ()),
        ("paragraph", 0, "图片说明", ()),
    ]
    assert document.blocks[8].role is Role.QUOTE
    assert [block.at for block in document.blocks] == [(index,) for index in range(len(document.blocks))]
    assert [(change.rule, change.before) for change in document.changes] == [
        ("front-matter", "title: 别的"),
        ("html-tag", "<br>"),
    ]


def test_nesting_beyond_what_the_parser_reads_loses_nothing() -> None:
    document = extract(Submission(name="a.md", content=(">" * 5000 + "深\n").encode()))
    assert "深" in document.blocks[0].text
