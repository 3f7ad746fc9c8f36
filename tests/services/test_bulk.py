from pathlib import Path

import pytest

from bulletin.model import REJECTED
from services import review
from services.bulk import bring_in
from services.context import Office
from store.records import ArticleState
from tests.services.conftest import silent

LINES = (
    "3月1日，望河市松岭区委党校办起流动课堂，31名讲师走进18个乡镇，把课讲到田间地头。",
    "每堂课后留出40分钟答疑，收集意见612条，由区委组织部逐条督办，已办结九成。",
    "群众说，讲师带来的不只是道理，还有修剪果树的7个办法，今年每亩增收2100元。",
)
ISSUE = """工作简报
第{number}期
协调小组办公室　　2024年3月8日

【学习动态】
{title}
{body}

报：省委宣传部
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An empty folder for old material."""
    folder = tmp_path / "old"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("names", [("1-issue.txt", "2-article.txt"), ("2-issue.txt", "1-article.txt")])
def test_an_issue_and_an_article_of_it_brought_in_together(office: Office, old: Path, names: tuple[str, str]) -> None:
    body = "\n".join(LINES)
    (old / names[0]).write_text(ISSUE.format(number=45, title="松岭区办起流动课堂", body=body), "utf-8")
    (old / names[1]).write_text(f"流动课堂进乡镇\n松岭区委宣传部\n\n{body}\n", "utf-8")
    counts = bring_in(office, [str(old)], silent).counts
    printed_first = names[0] < names[1]
    assert counts == {"往期简报": 1, "重复" if printed_first else "旧稿": 1}


def test_an_issue_that_is_refused_leaves_nothing_behind(office: Office, old: Path) -> None:
    """Two issues of one number: the second is refused, and its articles are nobody's duplicates."""
    (old / "1.txt").write_text(ISSUE.format(number=45, title="一件别的事", body="望河市另一件事。" * 20), "utf-8")
    (old / "2.txt").write_text(ISSUE.format(number=45, title="松岭区办起流动课堂", body="\n".join(LINES)), "utf-8")
    (old / "3.txt").write_text("流动课堂进乡镇\n松岭区委宣传部\n\n" + "\n".join(LINES), "utf-8")
    assert bring_in(office, [str(old)], silent).counts == {"往期简报": 1, "未能读取": 1, "旧稿": 1}


def test_old_material_stays_old_whatever_an_editor_decides(office: Office, old: Path) -> None:
    for name in ("1.txt", "2.txt"):
        (old / name).write_text(f"流动课堂进乡镇（{name}）\n松岭区委宣传部\n\n" + "\n".join(LINES), "utf-8")
    assert bring_in(office, [str(old)], silent).counts == {"旧稿": 1, "重复": 1}
    key = office.publication.key
    with office.store.reading() as unit:
        [first, second] = [unit.articles.get(key, id) for id in unit.articles.ids(key)]
    again = review.not_a_duplicate(office, second.id, second.version, "编辑甲")
    assert again.state is ArticleState.OLD
    refused = review.decide_section(office, first.id, first.version, REJECTED, "编辑甲")
    moved = review.decide_section(office, first.id, refused.version, "学习动态", "编辑甲")
    assert (refused.state, moved.state, moved.section) == (ArticleState.OLD, ArticleState.OLD, "学习动态")
