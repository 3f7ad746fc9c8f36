from bulletin.similarity import BUCKET_CAP
from store.fingerprints import BUCKET
from tests.store.samples import KEY

LARGEST = (1 << 63) - 1


def test_candidates_are_those_that_share_keys_rare_ones_first(store):
    with store.transaction() as unit:
        unit.fingerprints.add(KEY, "a-0", [1, 2, LARGEST])
        unit.fingerprints.add(KEY, "b-0", [1, 2])
        unit.fingerprints.add(KEY, "c-0", [1, 9])
        unit.fingerprints.add(KEY, "c-0", [1, 9])
        unit.fingerprints.add("other", "d-0", [LARGEST])
        found = unit.fingerprints.candidates(KEY, [1, 2, LARGEST])
        assert unit.fingerprints.candidates(KEY, [1, 2, LARGEST], limit=1) == found[:1]
        assert unit.fingerprints.candidates(KEY, [77]) == []
        unit.fingerprints.remove(KEY, "a-0")
        assert [id for id, _ in unit.fingerprints.candidates(KEY, [2, LARGEST])] == ["b-0"]
    assert [id for id, _ in found] == ["a-0", "b-0", "c-0"]
    assert [round(votes, 2) for _, votes in found] == [1.83, 0.83, 0.33]


def test_a_key_that_everybody_has_proves_nothing(store):
    assert BUCKET == BUCKET_CAP
    with store.transaction() as unit:
        for number in range(BUCKET + 10):
            unit.fingerprints.add(KEY, f"{number:03d}-0", [1])
        unit.fingerprints.add(KEY, "rare-0", [1, 2])
        assert unit.fingerprints.candidates(KEY, [1, 2]) == [("rare-0", 1.0)]
