"""Containers (ZIP, EML, MSG) -> the submissions inside them, however deep."""

from collections.abc import Callable, Iterator

from bulletin.errors import BulletinError, TooLargeError, UnsupportedError
from bulletin.formats import sniff
from bulletin.model import Submission
from collectors import archives, letters, outlook, rfc822
from collectors.budget import Budget, Limits

__all__ = ["Limits", "expand"]


REFUSED = {"rar": "RAR", "7z": "7z"}
"""Opening these needs programs that are not free or not everywhere; senders can make a ZIP as easily."""

_OPENERS: dict[str, Callable[[Submission, Budget], Iterator[Submission | BulletinError]]] = {
    "zip": archives.members,
    "eml": lambda mail, budget: letters.members(rfc822.read(mail), mail),
    "msg": lambda mail, budget: letters.members(outlook.read(mail), mail),
}


def expand(submission: Submission, *, limits: Limits | None = None) -> list[Submission | BulletinError]:
    """What is inside a container, in its own order; anything else comes back alone.

    Members carry the container's channel, unit and time of receipt (a mail's own sender and date where the
    submission has none) and `container!member` as origin. Each member that cannot be had is an error in the
    list: encrypted, broken, beyond the limits.
    """
    return list(_expand(submission, Budget(limits or Limits()), depth=0))


def _expand(submission: Submission, budget: Budget, depth: int) -> Iterator[Submission | BulletinError]:
    key = sniff(submission.name, submission.content, submission.media_type)
    if key in REFUSED:
        yield UnsupportedError(
            f"{REFUSED[key]} 压缩包打不开", subject=submission.name, advice="请改用 ZIP 压缩，或直接报送里面的文件"
        )
        return
    opener = _OPENERS.get(key)
    if opener is None:
        yield submission
        return
    if depth >= budget.limits.depth:
        yield TooLargeError(f"压缩包或邮件套了 {depth} 层以上", subject=submission.name, advice="请直接报送里面的文件")
        return
    try:
        for member in opener(submission, budget):
            if isinstance(member, BulletinError):
                yield member
            elif refusal := budget.spend(member):
                yield refusal
                return
            else:
                yield from _expand(member, budget, depth + 1)
    except BulletinError as error:
        yield error
