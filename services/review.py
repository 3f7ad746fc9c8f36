"""What editors do to an article of the pool: edit, move, undo cleaning, restore, and many at once.

Every act names the version of the article that its editor saw; ConflictError says that somebody
else was faster, and nothing is saved. Every act is in the article's history.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from pydantic import Field

from bulletin.assembly import Wish
from bulletin.errors import BulletinError, ConflictError, StateError
from bulletin.model import PENDING, REJECTED, Article, Block, Channel, Frozen, Likeness, Verdict
from bulletin.pieces import pieces
from bulletin.rearrange import LAST, move
from bulletin.worksheet import read
from services.arranging import note
from services.context import Office
from services.duplicates import Pool
from services.originals import raw_document
from services.retraining import SECTION
from store.database import Transaction
from store.records import ArticleChange, ArticleRecord, ArticleState


class Manuscript(Frozen):
    """An article's text as an editor types it."""

    title: str = Field(min_length=1, max_length=300)
    subtitle: str = Field(default="", max_length=300)
    unit: str = Field(default="", max_length=100)
    author: str = Field(default="", max_length=100)
    date: dt.date | None = None
    text: str = Field(default="", max_length=1_000_000)


class Bulk(Frozen):
    """What came of an act on many articles."""

    done: int
    problems: tuple[str, ...] = ()


# ---------------------------------------------------------------- text


def edit(office: Office, id: str, version: int, typed: Manuscript, who: str) -> ArticleRecord:
    """The article with the typed text, proofread anew; unchanged text makes no new version."""
    with office.store.transaction() as unit:
        record = _at_version(office, unit, id, version)
        article = record.article
        values = {
            "title": typed.title.strip(),
            "subtitle": typed.subtitle.strip(),
            "unit": typed.unit.strip(),
            "author": typed.author.strip(),
            "date": typed.date,
            "blocks": read(typed.text, article.blocks),
        }
        return _save_text(office, unit, record, article.model_copy(update=values), who, "修改")


def undo_changes(office: Office, id: str, version: int, undone: Sequence[str], who: str) -> ArticleRecord:
    """The article with exactly these changes of cleaning taken back.

    What an editor has typed stays; ConflictError where he typed over the very place.
    """
    key = office.publication.key
    with office.store.reading() as unit:
        known = unit.submissions.get(key, unit.articles.get(key, id).source)
    # Read before the transaction: an old Word file takes LibreOffice seconds.
    document = raw_document(office, known.sha256, known.name, known.media_type)
    with office.store.transaction() as unit:
        record = _at_version(office, unit, id, version)
        before, after = (
            _piece(pieces(document, keys, office.publication), record.article) for keys in (record.undone, undone)
        )
        article = record.article.model_copy(
            update={
                "blocks": _merged(before.blocks, after.blocks, record.article.blocks),
                "title": after.title if record.title == before.title else record.title,
                "changes": after.changes,
            }
        )
        act = "撤销清理" if len(undone) > len(record.undone) else "恢复清理"
        return _save_text(office, unit, record, article, who, act, undone=tuple(undone))


def _piece(found: Sequence[object], article: Article) -> Article:
    for piece in found:
        if isinstance(piece, Article) and piece.part == article.part:
            return piece
    raise StateError("这样会改变稿件的拆分，不能单独撤销", subject=article.title)


def _merged(before: Sequence[Block], after: Sequence[Block], typed: Sequence[Block]) -> tuple[Block, ...]:
    """The typed blocks with the difference between `before` and `after` made in them, too."""
    if list(before) == list(typed):
        return tuple(after)
    result = list(typed)
    matcher = SequenceMatcher(None, [b.plain for b in before], [b.plain for b in after], autojunk=False)
    for tag, a, a_end, b, b_end in reversed(matcher.get_opcodes()):
        if tag == "equal":
            continue
        place = _place([block.plain for block in result], [block.plain for block in before], a, a_end)
        result[place : place + a_end - a] = after[b:b_end]
    return tuple(result)


def _place(typed: Sequence[str], before: Sequence[str], start: int, end: int) -> int:
    """Where the blocks `before[start:end]` stand in the typed ones."""
    if start == end:
        neighbour = before[start - 1] if start else None
        if neighbour is None:
            return 0
        if neighbour in typed:
            return typed.index(neighbour) + 1
    else:
        wanted = list(before[start:end])
        for place in range(len(typed) - len(wanted) + 1):
            if list(typed[place : place + len(wanted)]) == wanted:
                return place
    raise ConflictError("这一处已经手工改过，不能再撤销清理", advice="请直接修改文字")


def _save_text(
    office: Office,
    unit: Transaction,
    record: ArticleRecord,
    article: Article,
    who: str,
    act: str,
    undone: tuple[str, ...] | None = None,
) -> ArticleRecord:
    from bulletin.proofread import proofread
    from bulletin.summary import abstract

    if article == record.article and undone in (None, record.undone):
        return record
    if record.state is ArticleState.PUBLISHED:
        raise StateError("已经刊出，不能再改", subject=record.title, advice="如有错误，请在归档里更正这一期")
    change = ArticleChange(article=article, hints=proofread(article, office.lexicon), abstract=abstract(article))
    if undone is not None:
        change = change.model_copy(update={"undone": undone})
    # The pool is held before the article's row: an intake holds it, and may wait for whoever waits for this row.
    with Pool(office, unit) as pool:
        saved = unit.articles.update(office.publication.key, record.id, record.version, change, who=who, act=act)
        pool.renew(article)
    return saved


def restore(office: Office, id: str, version: int, wanted: int, who: str) -> ArticleRecord:
    """The article with the text it had at the version `wanted`."""
    key = office.publication.key
    with office.store.transaction() as unit:
        record = _at_version(office, unit, id, version)
        article, undone = text_at(unit.articles.history(key, id), record, wanted)
        return _save_text(office, unit, record, article, who, f"恢复第 {wanted} 版", undone=undone)


def text_at(history: Sequence[object], record: ArticleRecord, wanted: int) -> tuple[Article, tuple[str, ...]]:
    """Text and undone changes of an article at an earlier version, from its edits, oldest first."""
    from store.records import Edit

    article, undone = record.article, record.undone
    for step in reversed(history):
        assert isinstance(step, Edit)
        if step.version < wanted:
            break
        article = step.before.article or article
        undone = step.before.undone if step.before.undone is not None else undone
    return article, undone


# ---------------------------------------------------------------- decisions


def decide_section(office: Office, id: str, version: int, section: str, who: str) -> ArticleRecord:
    """The article in the section the editor says; 不采用 takes it out of the running. It teaches the classifier."""
    with office.store.transaction() as unit:
        return _decide(office, unit, _at_version(office, unit, id, version), section, who)


def _decide(office: Office, unit: Transaction, record: ArticleRecord, section: str, who: str) -> ArticleRecord:
    key = office.publication.key
    if section not in (*office.publication.section_names, REJECTED, PENDING):
        raise StateError(f"本刊没有“{section}”这个栏目", subject=record.title)
    if record.state is ArticleState.PUBLISHED:
        raise StateError("已经刊出，不能再改栏目", subject=record.title, advice="如有错误，请在归档里更正")
    if record.state is ArticleState.USED:
        _move_in_draft(office, unit, record, section, who)
        # The draft has touched its articles.
        record = unit.articles.get(key, record.id)
    shares = record.verdict.candidates if record.verdict else ()
    verdict = Verdict(section=section, confidence=1.0, candidates=shares, by_editor=True)
    change = ArticleChange(verdict=verdict)
    if state := _state_for(record, section):
        change = ArticleChange(verdict=verdict, state=state)
    saved = unit.articles.update(key, record.id, record.version, change, who=who, act=f"改入“{section}”")
    if section != PENDING and section != record.section:
        unit.feedback.add(key, SECTION, record.id, was=record.section, now=section, who=who)
    return saved


def _state_for(record: ArticleRecord, section: str) -> ArticleState | None:
    if record.state in (ArticleState.USED, ArticleState.OLD):
        return None
    if section == REJECTED:
        return ArticleState.REJECTED
    return ArticleState.NEW if record.state is ArticleState.REJECTED else None


def _move_in_draft(office: Office, unit: Transaction, record: ArticleRecord, section: str, who: str) -> None:
    """Where the article stands in a draft, the draft follows."""
    key = office.publication.key
    if section in (REJECTED, PENDING):
        raise StateError("已编入草稿", subject=record.title, advice="请先在编排里移出本期")
    draft = unit.issues.get(key, record.issue or 0)
    moved = move(draft.issue, record.id, section, LAST, office.publication.section_names)
    saved = unit.issues.save(key, draft.id, draft.version, moved)
    note(unit, key, saved, who, f"把《{record.title}》移到“{section}”")


def wish(office: Office, id: str, version: int, wanted: Wish, who: str) -> ArticleRecord:
    """The article pinned, left out, or neither."""
    with office.store.transaction() as unit:
        return _wish(office, unit, _at_version(office, unit, id, version), wanted, who)


def _wish(office: Office, unit: Transaction, record: ArticleRecord, wanted: Wish, who: str) -> ArticleRecord:
    if record.wish == wanted:
        return record
    act = "置顶" if wanted.pin else "本期不用" if wanted.exclude else "取消置顶和不用"
    return unit.articles.update(
        office.publication.key, record.id, record.version, ArticleChange(wish=wanted), who=who, act=act
    )


def not_a_duplicate(office: Office, id: str, version: int, who: str) -> ArticleRecord:
    """The article as one of its own, whatever the machine found it to be like."""
    with office.store.transaction() as unit:
        record = _at_version(office, unit, id, version)
        if record.state is not ArticleState.DUPLICATE:
            raise StateError("这篇稿件没有判为重复", subject=record.title)
        sent = unit.submissions.known(office.publication.key, [record.source]).get(record.source)
        state = ArticleState.OLD if sent and sent.channel is Channel.ARCHIVE else ArticleState.NEW
        change = ArticleChange(likeness=Likeness(), family=record.id, state=state)
        unit.feedback.add(office.publication.key, "duplicate", id, was=record.duplicate_of or "", now="", who=who)
        return unit.articles.update(office.publication.key, id, version, change, who=who, act="不是重复")


# ---------------------------------------------------------------- many at once

Act = Callable[[Office, Transaction, ArticleRecord, str], ArticleRecord]


def moving(section: str) -> Act:
    return lambda office, unit, record, who: _decide(office, unit, record, section, who)


def wishing(wanted: Wish) -> Act:
    return lambda office, unit, record, who: _wish(office, unit, record, wanted, who)


def bulk(office: Office, ids: Sequence[str], act: Act, who: str) -> Bulk:
    """The act done to each of the articles as it stands now; one that refuses does not stop the others."""
    done, problems = 0, []
    for id in dict.fromkeys(ids):
        try:
            with office.store.transaction() as unit:
                act(office, unit, unit.articles.get(office.publication.key, id), who)
            done += 1
        except BulletinError as error:
            problems.append(str(error))
    return Bulk(done=done, problems=tuple(problems))


def _at_version(office: Office, unit: Transaction, id: str, version: int) -> ArticleRecord:
    """The article, which must stand at the version; ConflictError says who changed it."""
    key = office.publication.key
    record = unit.articles.get(key, id)
    if record.version == version:
        return record
    later = [step for step in unit.articles.history(key, id) if step.version >= version]
    people = "、".join(dict.fromkeys(step.who or "系统" for step in later)) or "别人"
    raise ConflictError(f"您打开之后，{people}改过这篇稿件，您的修改没有保存", subject=record.title)
