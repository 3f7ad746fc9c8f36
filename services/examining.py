"""Reading and judging: the half of the intake that needs no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from bulletin.errors import BulletinError, IntegrityError
from bulletin.fingerprint import Fingerprint, fingerprint
from bulletin.model import Article, Piece, Submission
from services.judging import Judgement, judge
from services.readingroom import ReadingRoom
from services.settings import REFERENCE
from store.records import SubmissionRecord


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the bytes of one submission hold and what the machine thinks of it, or why they could not be read."""

    pieces: tuple[Piece, ...] = ()
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    """By the article's id."""
    traces: Mapping[str, Fingerprint] = field(default_factory=dict)
    format: str = ""
    error: BulletinError | None = None


@dataclass(frozen=True, kw_only=True)
class Examined(Found):
    """What was found in a submission that is stored."""

    record: SubmissionRecord

    @classmethod
    def of(cls, record: SubmissionRecord, found: Found) -> Self:
        return cls(record=record, **vars(found))


def examine(room: ReadingRoom, records: Sequence[SubmissionRecord]) -> list[Examined]:
    """One Examined a record, in order; the pictures are in the archive of files."""
    return [Examined.of(record, found) for record, found in zip(records, find(room, records), strict=True)]


def find(room: ReadingRoom, records: Sequence[SubmissionRecord]) -> list[Found]:
    """What each of these submissions holds, in order; the pictures are in the archive of files.

    One whose original is lost or altered is a Found with its error: the others go on.
    """
    originals = [_original(room, record) for record in records]
    looked = iter(look_into(room, [one for one in originals if isinstance(one, Submission)]))
    found = [next(looked) if isinstance(one, Submission) else (Found(error=one), ()) for one in originals]
    for _, pictures in found:
        for content in pictures:
            room.files.put(content)
    return [one for one, _ in found]


def look_into(room: ReadingRoom, submissions: Sequence[Submission]) -> list[tuple[Found, tuple[bytes, ...]]]:
    """What each submission holds, with its pictures, in order. Nothing is stored."""
    # Loaded here, for whoever only saves what others have examined needs none of it.
    from services.reading import read
    from services.reference import load_formulas

    readings = read(submissions, room.publication)
    articles = [piece for reading in readings for piece in reading.pieces if isinstance(piece, Article)]
    judgements = dict(zip((a.id for a in articles), judge(room, articles), strict=True))
    formulas = load_formulas(REFERENCE)
    traces = {article.id: fingerprint(article, formulas) for article in articles}
    return [
        (
            Found(
                pieces=reading.pieces,
                judgements={p.id: judgements[p.id] for p in reading.pieces if isinstance(p, Article)},
                traces={p.id: traces[p.id] for p in reading.pieces if isinstance(p, Article)},
                format=reading.format,
                error=reading.error,
            ),
            tuple(reading.pictures.values()),
        )
        for reading in readings
    ]


def _original(room: ReadingRoom, record: SubmissionRecord) -> Submission | IntegrityError:
    try:
        content = room.files.get(record.sha256)
    except IntegrityError as error:
        return error
    return Submission(
        name=record.name,
        content=content,
        channel=record.channel,
        media_type=record.media_type,
        unit=record.unit,
        origin=record.origin,
        received=record.received,
    )
