import pytest

from bulletin.model import Article, Block
from bulletin.similarity import fingerprint
from services import duplicates
from services.context import Office
from services.duplicates import Pool, formulas

TEXT = (
    "望河市松岭区委党校办起流动课堂，{n}名讲师走进{n}个乡镇，把课讲到田间地头。",
    "每堂课后留出{n}分钟答疑，收集意见{n}条，由区委组织部逐条督办，已办结九成。",
    "群众说，讲师带来的不只是道理，还有修剪果树的{n}个办法，今年每亩增收{n}00元。",
)


def article(number: int) -> Article:
    lines = (line.format(n=number) for line in TEXT)
    return Article(source=f"{number:0<64}", title=f"第{number}期", blocks=tuple(Block(text=line) for line in lines))


def test_what_is_remembered_is_known_at_once_and_to_later_units(office: Office) -> None:
    known, same = article(31), article(31).model_copy(update={"source": "f" * 64})
    with office.store.transaction() as unit, Pool(office, unit) as pool:
        unit.articles.add(office.publication.key, known)
        pool.remember(known)
        assert pool.find_likeness(same).duplicate_of == known.id
    with office.store.reading() as unit:
        assert Pool(office, unit).find_likeness(same).duplicate_of == known.id


def test_what_a_unit_remembers_stays_known_however_much_it_is(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are written down at the end of the unit: before, nothing but the pool knows them."""
    monkeypatch.setattr(duplicates, "KEPT", 2)
    earlier = {one.id: one for one in map(article, (71, 83))}
    same = article(31).model_copy(update={"source": "f" * 64})
    with office.store.transaction() as unit, Pool(office, unit, earlier) as pool:
        for number in (31, 47, 60):
            pool.remember(article(number))
        assert pool.find_likeness(same).duplicate_of == article(31).id
        unit.articles.add(office.publication.key, article(47))
        pool.renew(article(47))
        assert pool.find_likeness(same).duplicate_of == article(31).id


def test_keys_are_asked_for_together(office: Office) -> None:
    known = [article(number) for number in (31, 47)]
    with office.store.transaction() as unit, Pool(office, unit) as pool:
        for one in known:
            unit.articles.add(office.publication.key, one)
            pool.remember(one)
    traces = [fingerprint(one, formulas()) for one in known]
    with office.store.reading() as unit:
        ahead, later = Pool(office, unit), Pool(office, unit)
        ahead.expect(traces)
        for one in known:
            assert ahead.find_likeness(article(60)) == later.find_likeness(article(60))
            assert ahead.candidates(fingerprint(one, formulas()).keys, 8)[0] == one.id


def test_nothing_is_remembered_of_a_unit_that_failed(office: Office) -> None:
    known = article(31)

    def fail() -> None:
        with office.store.transaction() as unit, Pool(office, unit) as pool:
            unit.articles.add(office.publication.key, known)
            pool.remember(known)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with office.store.reading() as unit:
        assert Pool(office, unit).find_likeness(known).duplicate_of is None


def test_an_article_that_was_changed_is_known_as_it_is_now(office: Office) -> None:
    before, other = article(31), article(47)
    now = before.model_copy(update={"blocks": other.blocks})
    with office.store.transaction() as unit, Pool(office, unit) as pool:
        unit.articles.add(office.publication.key, before)
        pool.remember(before)
        pool.renew(now)
    with office.store.reading() as unit:
        keys = fingerprint(before, formulas()).keys
        filed = unit.fingerprints.buckets(office.publication.key, keys)
        assert before.id in {
            id
            for bucket in unit.fingerprints.buckets(office.publication.key, fingerprint(now, formulas()).keys).values()
            for id in bucket
        }
        assert not any(filed[key] for key in set(keys) - set(fingerprint(now, formulas()).keys))
