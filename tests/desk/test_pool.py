"""稿库 and the page of an article, with mouse and keys, one editor and two."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bulletin.errors import ConflictError
from bulletin.worksheet import write
from services import review
from services.bulk import bring_in
from services.retraining import SECTION
from services.review import Manuscript
from store.records import ArticleRecord, ArticleState
from tests.desk.conftest import Desk
from tests.desk.samples import account, fill, send, story

Open = Callable[..., Page]


def record(desk: Desk, id: str) -> ArticleRecord:
    with desk.office.store.reading() as unit:
        return unit.articles.get(desk.office.publication.key, id)


@pytest.fixture
def one(desk_server: Desk) -> str:
    """The id of an article with something to clean in its original."""
    text = story().replace("11月12日，", "　　11月12日,").replace("工作推进会", "工 作 推进会")
    return send(desk_server.office, account(desk_server, "editor"), 宣讲=text)["宣讲"]


def test_filters_search_and_pages(desk_server: Desk, signed_in: Open) -> None:
    fill(desk_server.office, 100)
    page = signed_in("editor")
    expect(page.locator("tr.item")).to_have_count(40)
    expect(page.get_by_text("第 1 / 3 页，共 100 篇")).to_be_visible()
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_text("第 2 / 3 页")).to_be_visible()
    expect(page.get_by_label("主要数字").first).to_contain_text("126")
    page.get_by_label("搜标题和正文").fill("第77批学习")
    expect(page.locator("tr.item")).to_have_count(1)
    expect(page.locator("tr.item mark").first).to_have_text("第77批学习")
    page.get_by_label("搜标题和正文").fill("没有这样的词")
    expect(page.get_by_text("没有找到“没有这样的词”")).to_be_visible()
    page.goto(f"{desk_server.address}/pool")
    page.get_by_label("栏目").select_option("经验交流")
    expect(page.locator("tr.item .section-name").first).to_have_text("经验交流")
    assert set(page.locator("tr.item .section-name").all_text_contents()) == {"经验交流"}
    page.get_by_label("单位", exact=True).fill("临川市委宣传部")
    page.get_by_label("单位", exact=True).press("Enter")
    expect(page.locator("tr.item .unit").first).to_have_text("临川市委宣传部")
    page.goto(f"{desk_server.address}/pool?sort=length&ascending=true&page=2&state=zzz&section=")
    expect(page.get_by_role("heading", name="稿库")).to_be_visible()


def test_what_was_brought_in_with_the_archive_is_in_the_lists(
    desk_server: Desk, signed_in: Open, tmp_path: Path
) -> None:
    (tmp_path / "old.txt").write_text(story(), "utf-8")
    assert bring_in(desk_server.office, [str(tmp_path / "old.txt")], lambda *_: None).counts == {"旧稿": 1}
    page = signed_in("editor")
    for path in ("/pool?state=all", "/pool?state=old"):
        page.goto(desk_server.address + path)
        expect(page.locator("tr.item .state")).to_have_text("旧稿")
    page.locator("tr.item a").first.click()
    expect(page.locator(".article-head .tag").first).to_have_text("旧稿")
    page.goto(f"{desk_server.address}/intake")
    expect(page.get_by_text("只供检索和查重，不再刊登")).to_be_visible()


@pytest.mark.parametrize("query", ["page=0", "page=x", "sort=evil", "ascending=maybe", "state=%00", "words=%22*%20OR"])
def test_a_query_that_makes_no_sense_still_gives_a_page(desk_server: Desk, signed_in: Open, query: str) -> None:
    answer = signed_in("editor").goto(f"{desk_server.address}/pool?{query}")
    assert answer is not None
    assert answer.status == 200


def test_the_list_under_the_keys(desk_server: Desk, signed_in: Open) -> None:
    fill(desk_server.office, 3)
    page = signed_in("editor")
    titles = page.locator("tr.item .title").all_text_contents()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.item.current .title")).to_have_text(titles[1])
    page.keyboard.press("2")
    expect(page.get_by_text("1 篇已处理")).to_be_visible()
    expect(page.locator("tr.item.current .section-name")).to_have_text(desk_server.office.publication.section_names[1])
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("#bulk")).to_be_visible()
    page.keyboard.press("0")
    expect(page.locator("tr.item")).to_have_count(2)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label("搜标题和正文")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/pool/[0-9a-f]"))


def test_a_section_given_by_key_teaches_the_classifier(desk_server: Desk, signed_in: Open, one: str) -> None:
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/pool/{one}")
    was = record(desk_server, one).section
    names = desk_server.office.publication.section_names
    wanted = next(name for name in names if name != was)
    page.keyboard.press(str(names.index(wanted) + 1))
    expect(page.get_by_role("button", name=wanted)).to_have_attribute("aria-pressed", "true")
    with desk_server.office.store.reading() as unit:
        (correction,), _ = unit.feedback.latest(desk_server.office.publication.key, SECTION)
    assert (correction.article, correction.was, correction.now, correction.who) == (one, was, wanted, "编辑甲")
    page.keyboard.press("0")
    expect(page.get_by_role("button", name="不采用")).to_have_attribute("aria-pressed", "true")
    assert record(desk_server, one).state is ArticleState.REJECTED


def test_versions_are_folded_and_unfolded(desk_server: Desk, signed_in: Open) -> None:
    editor = account(desk_server, "editor")
    send(desk_server.office, editor, 先=story("临川", "导学"))
    second = send(desk_server.office, editor, 后=story("临川", "导学").replace("126支", "128支"))["后"]
    page = signed_in("editor")
    expect(page.locator("tr.item")).to_have_count(1)
    page.get_by_role("button", name="另有 1 个版本").click()
    expect(page.locator("tr.item.version")).to_have_count(2)
    page.get_by_role("button", name="另有 1 个版本").click()
    expect(page.locator("tr.item.version")).to_have_count(0)
    page.goto(f"{desk_server.address}/pool/{second}")
    page.get_by_role("button", name="不是重复").click()
    expect(page.get_by_text("已改为独立稿件")).to_be_visible()
    page.goto(f"{desk_server.address}/pool")
    expect(page.locator("tr.item")).to_have_count(2)


def test_typing_is_saved_by_itself_and_every_version_can_come_back(
    desk_server: Desk, signed_in: Open, one: str
) -> None:
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/pool/{one}")
    before = record(desk_server, one).article
    page.keyboard.press("e")
    page.get_by_label("标题", exact=True).fill("临川市把宣讲送到田间")
    expect(page.locator("#saved")).to_contain_text("已保存")
    assert record(desk_server, one).title == "临川市把宣讲送到田间"
    text = page.get_by_label(re.compile("^正文"))
    text.fill(text.input_value() + "\n二、下一步打算\n新加的一段话。")
    page.get_by_role("button", name="完成").click()
    expect(page.get_by_role("heading", name="二、下一步打算")).to_be_visible()
    expect(page.get_by_text("新加的一段话。")).to_be_visible()
    saved = record(desk_server, one).article
    assert saved.blocks[: len(before.blocks)] == before.blocks
    page.locator(".history .fate").last.get_by_role("button", name="与现在比较").click()
    expect(page.locator(".difference ins").first).to_be_visible()
    page.locator(".history .fate").last.get_by_role("button", name="恢复到改之前").click()
    expect(page.get_by_role("heading", name=before.title)).to_be_visible()
    assert record(desk_server, one).article == before


def test_two_editors_do_not_overwrite_each_other(desk_server: Desk, signed_in: Open, one: str) -> None:
    first, second = signed_in("editor"), signed_in("signer")
    for page in (first, second):
        page.goto(f"{desk_server.address}/pool/{one}")
        page.keyboard.press("e")
        expect(page.get_by_label("标题", exact=True)).to_be_visible()
    first.get_by_label("标题", exact=True).fill("先存的标题")
    expect(first.locator("#saved")).to_contain_text("已保存")
    second.get_by_label("标题", exact=True).fill("后存的标题")
    expect(second.get_by_role("alert")).to_contain_text("编辑甲改过这篇稿件，您的修改没有保存")
    expect(second.get_by_label("标题", exact=True)).to_have_value("后存的标题")
    assert record(desk_server, one).title == "先存的标题"


def test_a_change_of_cleaning_is_shown_and_taken_back_and_made_again(
    desk_server: Desk, signed_in: Open, one: str
) -> None:
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/pool/{one}")
    change = page.locator("button.change:not(.undone)", has_text=",").first
    expect(change).to_be_visible()
    assert "11月12日，" in record(desk_server, one).article.body
    change.click()
    expect(page.get_by_text("已撤销这处清理")).to_be_visible()
    assert "11月12日," in record(desk_server, one).article.body
    page.locator("button.change.undone").first.click()
    expect(page.get_by_text("已恢复这处清理")).to_be_visible()
    assert "11月12日，" in record(desk_server, one).article.body


def test_a_line_taken_out_of_the_text_is_shown_and_put_back(desk_server: Desk, signed_in: Open) -> None:
    title, _, text = story().partition("\n")
    said = f"{title}\n来源：临川发布　作者：林小舟　时间：2026-11-12\n{text}"
    id = send(desk_server.office, account(desk_server, "editor"), 署名=said)["署名"]
    assert "林小舟" not in record(desk_server, id).article.body
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/pool/{id}")
    page.locator("button.change", has_text="来源、作者、时间一行").click()
    expect(page.locator("#text .reading")).to_contain_text("作者：林小舟")
    page.locator("button.change", has_text="已放回正文").click()
    expect(page.locator("#original .taken")).to_contain_text("林小舟")
    assert "林小舟" not in record(desk_server, id).article.body


def test_taking_a_change_back_keeps_what_was_typed_elsewhere(desk_server: Desk, one: str) -> None:
    office, before = desk_server.office, record(desk_server, one)
    lines = write(before.article.blocks).split("\n")
    lines[-1] = "改过的最后一段。"
    typed = Manuscript(title="新标题", unit=before.unit, date=before.date, text="\n".join(lines))
    edited = review.edit(office, one, before.version, typed, "编辑甲")
    comma = next(change for change in before.article.changes if change.before == ",")
    undone = review.undo_changes(office, one, edited.version, (comma.key,), "编辑甲")
    assert "11月12日," in undone.article.body
    assert undone.article.body.endswith("改过的最后一段。")
    assert undone.title == "新标题"
    lines[0] = "改过的第一段。"
    again = review.edit(office, one, undone.version, typed.model_copy(update={"text": "\n".join(lines)}), "编辑甲")
    with pytest.raises(ConflictError, match="手工改过"):
        review.undo_changes(office, one, again.version, (), "编辑甲")


def test_hints_stand_in_their_place(desk_server: Desk, signed_in: Open) -> None:
    text = story().replace("11月12日", "11月31日")
    id = send(desk_server.office, account(desk_server, "editor"), 引号=text)["引号"]
    page = signed_in("editor")
    page.goto(f"{desk_server.address}/pool/{id}")
    expect(page.locator("mark.hint.must").first).to_be_visible()
    expect(page.locator(".hint-notes").first).to_contain_text("必改")


def test_many_at_once_says_how_many_and_what_refused(desk_server: Desk, signed_in: Open) -> None:
    fill(desk_server.office, 5)
    page = signed_in("editor")
    page.get_by_label("选中本页全部").check()
    page.get_by_role("button", name="本期不用").click()
    expect(page.get_by_text("5 篇已处理")).to_be_visible()
    expect(page.locator("tr.item .tag", has_text="本期不用")).to_have_count(5)


def test_a_used_article_moves_in_the_draft_too(desk_server: Desk) -> None:
    from services.publish import assemble
    from services.requests import CompileRequest

    office = desk_server.office
    fill(office, 6)
    draft = assemble(office, CompileRequest())
    id = draft.sections[0].entries[0].id
    other = draft.sections[1].name
    review.decide_section(office, id, record(desk_server, id).version, other, "编辑甲")
    with office.store.reading() as unit:
        issue = unit.issues.get(office.publication.key, draft.issue_id).issue
    (where,) = [section.name for section in issue.sections for entry in section.entries if entry.article == id]
    assert where == other
    with pytest.raises(review.StateError, match="已编入草稿"):
        review.decide_section(office, id, record(desk_server, id).version, "不采用", "编辑甲")
