from store.fingerprints import BATCH
from tests.store.samples import KEY

LARGEST = (1 << 63) - 1


def test_the_articles_of_keys(store):
    with store.transaction() as unit:
        unit.fingerprints.add(KEY, [(1, "a-0"), (LARGEST, "a-0"), (1, "b-0"), (1, "b-0")])
        unit.fingerprints.add(KEY, [(1, "a-0")])
        unit.fingerprints.add("other", [(1, "d-0")])
        unit.fingerprints.add(KEY, [])
    with store.reading() as unit:
        assert unit.fingerprints.buckets(KEY, [1, 77, LARGEST]) == {1: ["a-0", "b-0"], 77: [], LARGEST: ["a-0"]}
        assert unit.fingerprints.buckets(KEY, []) == {}


def test_an_article_is_forgotten(store):
    with store.transaction() as unit:
        unit.fingerprints.add(KEY, [(1, "a-0"), (2, "a-0"), (2, "b-0")])
        unit.fingerprints.remove(KEY, "a-0")
        assert unit.fingerprints.buckets(KEY, [1, 2]) == {1: [], 2: ["b-0"]}


def test_more_keys_than_one_question_holds(store):
    keys = range(2 * BATCH + 1)
    with store.transaction() as unit:
        unit.fingerprints.add(KEY, [(key, f"{key}-0") for key in keys])
        assert unit.fingerprints.buckets(KEY, keys) == {key: [f"{key}-0"] for key in keys}
