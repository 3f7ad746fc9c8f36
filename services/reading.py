"""From files, folders and addresses to the pieces in them: the first half of every intake."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from bulletin.errors import BulletinError, NotFoundError
from bulletin.formats import sniff
from bulletin.model import Article, Channel, Document, Piece, Publication, Submission
from collectors.names import is_address
from services.settings import Settings

LINK_FORMATS = {"xlsx", "csv"}


@dataclass(frozen=True)
class Reading:
    """What one submission held: pieces and their pictures, or why it could not be read."""

    submission: Submission
    pieces: tuple[Piece, ...] = ()
    pictures: dict[str, bytes] = field(default_factory=dict, repr=False)
    format: str = ""
    error: BulletinError | None = None


def gather(sources: Iterable[str], settings: Settings) -> Iterator[Submission | BulletinError]:
    """Every submission of the sources, containers opened, in order; what cannot be had is an error in its place."""
    for source in sources:
        for found in _collect(source, settings):
            if isinstance(found, BulletinError):
                yield found
            else:
                yield from unpack(found, settings)


def at_hand(sources: Iterable[str]) -> Iterator[Submission]:
    """The submissions in the files and folders among the sources, as `gather` gives them; nothing is fetched."""
    from collectors.containers import expand

    for found in chain.from_iterable(_collect_files(source) for source in sources if not is_address(source)):
        if isinstance(found, Submission):
            yield from (member for member in expand(found) if isinstance(member, Submission) and not _links(member))


def unpack(submission: Submission, settings: Settings) -> Iterator[Submission | BulletinError]:
    """The submissions inside a container, and the pages behind a list of links; anything else alone."""
    from collectors.containers import expand

    for member in expand(submission):
        if isinstance(member, Submission) and _links(member):
            yield from _follow(member, settings)
        else:
            yield member


def _collect(source: str, settings: Settings) -> Iterator[Submission | BulletinError]:
    if is_address(source):
        yield from _fetch(source, settings)
    else:
        yield from _collect_files(source)


def _collect_files(source: str) -> Iterator[Submission | BulletinError]:
    path = Path(source).expanduser()
    # An empty path would be the current folder, which nobody means.
    if not source.strip() or not path.exists():
        yield NotFoundError("找不到这个文件或文件夹", subject=source, advice="请检查路径")
        return
    from collectors.folder import collect

    yield from collect(path)


def _links(submission: Submission) -> bool:
    """Whether it may be a list of pages."""
    return sniff(submission.name, submission.content) in LINK_FORMATS


def _fetch(address: str, settings: Settings) -> Iterator[Submission | BulletinError]:
    from services.web import fetch_all

    yield from fetch_all(address, settings)


def _follow(submission: Submission, settings: Settings) -> Iterator[Submission | BulletinError]:
    """The pages behind a list of links; a table without links is read as a table."""
    from collectors.links import links

    try:
        found = links(submission)
    except BulletinError as error:
        yield error
        return
    if not found:
        yield submission
    for link in found:
        yield from _fetch(link.url, settings)


def read(submissions: Sequence[Submission], own: Publication | None = None) -> list[Reading]:
    """One Reading a submission, in order; a bad file is a Reading with its error.

    With `own`, what is submitted to that publication: issues of other bulletins are read as their articles.
    """
    from extractors.registry import extract_many

    return [
        _reading(submission, result, own)
        for submission, result in zip(submissions, extract_many(submissions), strict=True)
    ]


def _reading(submission: Submission, result: Document | BulletinError, own: Publication | None) -> Reading:
    if isinstance(result, BulletinError):
        return Reading(submission, error=result)
    from bulletin.pieces import pieces

    try:
        found = pieces(result, own=None if submission.channel is Channel.ARCHIVE else own)
    except BulletinError as error:
        error.subject = error.subject or submission.name
        return Reading(submission, format=result.format, error=error)
    return Reading(submission, _with_sender(found, submission.unit), dict(result.pictures), result.format)


def _with_sender(found: tuple[Piece, ...], unit: str) -> tuple[Piece, ...]:
    """The pieces; an article that names no unit of its own is the sender's."""
    return tuple(
        piece.model_copy(update={"unit": unit}) if isinstance(piece, Article) and unit and not piece.unit else piece
        for piece in found
    )
