"""Which articles make an issue, and in which order."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bulletin.assembly import Candidate, Wish, is_period, one_more, period_of, select
from bulletin.model import Block, Entry, Section, SectionRule

RULES = (
    SectionRule(name="上情下达", quota=2),
    SectionRule(name="学习动态", quota=3, characters=1000),
)
NAMES = [rule.name for rule in RULES]


def entry(id: str) -> Entry:
    return Entry(title=f"题目{id}", article=id, blocks=(Block(text="正文"),))


def candidate(id: str, section: str = "上情下达", **values: object) -> Candidate:
    return Candidate.model_validate({"id": id, "title": f"题目{id}", "section": section, "length": 300} | values)


def order(*candidates: Candidate, draft: tuple[Section, ...] = ()) -> dict[str, list[str]]:
    sections = select(candidates, RULES, entry, draft).sections
    return {section.name: [one.article for one in section.entries] for section in sections}


def test_the_level_comes_before_the_day_and_the_day_before_the_arrival() -> None:
    old, new = date(2026, 11, 2), date(2026, 11, 16)
    first, later = datetime(2026, 11, 18, tzinfo=UTC), datetime(2026, 11, 19, tzinfo=UTC)
    found = order(
        candidate("a", "学习动态", rank=3, date=new, received=later),
        candidate("b", "学习动态", rank=3, date=new, received=first),
        candidate("c", "学习动态", rank=1, date=old, received=later),
    )
    assert found == {"学习动态": ["c", "b", "a"]}


def test_what_the_quota_leaves_out_waits_and_is_told_why() -> None:
    selection = select([candidate(id, rank=at) for at, id in enumerate("abc")], RULES, entry)
    assert [choice.article for choice in selection.waiting] == ["c"]
    assert selection.waiting[0].reasons[0].rule == "quota"
    long = select([candidate(id, "学习动态", length=600) for id in "ab"], RULES, entry)
    assert [choice.reasons[0].rule for choice in long.waiting] == ["length"]


def test_an_editors_wish_wins_over_order_and_quota() -> None:
    pinned = candidate("z", rank=9, wish=Wish(pin=True))
    left_out = candidate("a", rank=0, wish=Wish(exclude=True))
    assert order(*(candidate(id) for id in "bc"), left_out, pinned) == {"上情下达": ["z", "b"]}


def test_what_stands_in_the_draft_stays_as_an_editor_has_left_it() -> None:
    edited = Entry(title="改过的题目", article="b", blocks=(Block(text="改过"),))
    draft = (Section(name="上情下达", entries=(edited,)),)
    selection = select([candidate("a", rank=0), candidate("b", rank=9)], RULES, entry, draft)
    assert selection.sections[0].entries == (edited, entry("a"))
    pinned = select([candidate("a", wish=Wish(pin=True))], RULES, entry, draft)
    assert {choice.article: choice.place for choice in pinned.choices} == {"a": 1, "b": 2}
    assert selection.choices[0].reasons[0].rule == "standing"


def test_a_section_that_the_publication_no_longer_has_keeps_what_stands_in_it() -> None:
    draft = (Section(name="基层来信", entries=(entry("b"),)),)
    selection = select([candidate("a"), candidate("c", "基层来信")], RULES, entry, draft)
    assert [(one.name, one.entries) for one in selection.sections] == [
        ("上情下达", (entry("a"),)),
        ("基层来信", (entry("b"),)),
    ]
    assert {choice.article: choice.place for choice in selection.choices} == {"a": 1, "b": 1, "c": 0}


def test_only_what_is_chosen_is_asked_for() -> None:
    asked: list[str] = []

    def ask(id: str) -> Entry:
        asked.append(id)
        return entry(id)

    select([candidate(f"{number:02d}") for number in range(40)], RULES, ask)
    assert asked == ["00", "01"]


@given(
    st.lists(
        st.builds(
            candidate,
            st.text("abcdefgh", min_size=1, max_size=3),
            st.sampled_from([*NAMES, "别的栏目"]),
            rank=st.integers(0, 9),
            length=st.integers(0, 900),
            wish=st.builds(Wish, pin=st.booleans(), exclude=st.booleans()),
        ),
        unique_by=lambda one: one.id,
    )
)
def test_everybody_gets_one_answer_and_nobody_is_printed_twice(pool: list[Candidate]) -> None:
    selection = select(pool, RULES, entry)
    ours = {one.id for one in pool if one.section in NAMES}
    assert sorted(choice.article for choice in selection.choices) == sorted(ours)
    printed = [one.article for section in selection.sections for one in section.entries]
    assert sorted(printed) == sorted(choice.article for choice in selection.choices if choice.place)
    assert not {one.id for one in pool if one.wish.exclude} & set(printed)
    assert selection == select(reversed(pool), RULES, entry).model_copy(update={"choices": selection.choices})


def test_a_week_begins_on_monday_and_belongs_to_the_year_of_its_thursday() -> None:
    assert period_of(date(2026, 11, 20)) == "2026-W47"
    assert period_of(date(2027, 1, 3)) == "2026-W53"


def test_a_period_is_what_names_a_week_that_there_is() -> None:
    assert all(is_period(period_of(date(2020, 1, 1) + timedelta(days=day))) for day in range(4000))
    assert one_more("2026-W47") == "2026-W47-2"
    assert one_more("2026-W47-9") == "2026-W47-10"
    assert all(map(is_period, ("2026-W47-2", "2026-W47-10")))
    for text in (
        "",
        "昨天",
        "2026-47",
        "2026W47",
        "2026-W7",
        "2025-W53",
        "2026-W00",
        "２０２６-W47",
        "2026-W47-1",
        "2026-W47-02",
        "2026-W47-2-2",
        " 2026-W47",
    ):
        assert not is_period(text), text
