"""How much a container may hold: against bombs and endless nesting."""

from dataclasses import dataclass, field

from bulletin.errors import TooLargeError
from bulletin.model import Submission


@dataclass(frozen=True)
class Limits:
    """What one submitted container may hold, all levels together.

    A ZIP of a year's submissions with photos (about 400 files, 300 MB) passes. Office files shrink to a
    third, plain text to a tenth; a ratio of 200 is only reached by filling.
    """

    depth: int = 4
    members: int = 2_000
    member_bytes: int = 100 * 1024 * 1024
    total_bytes: int = 500 * 1024 * 1024
    ratio: int = 200
    ratio_from_bytes: int = 10 * 1024 * 1024
    """Below this size the ratio is not looked at: a short text of blanks harms nobody."""


@dataclass
class Budget:
    """What is left of the limits while one container is opened."""

    limits: Limits
    members: int = field(default=0, init=False)
    total_bytes: int = field(default=0, init=False)

    @property
    def bytes_left(self) -> int:
        """How many bytes the next member may have."""
        return max(0, min(self.limits.member_bytes, self.limits.total_bytes - self.total_bytes))

    def spend(self, member: Submission) -> TooLargeError | None:
        """Count a member; an error when it is one too many."""
        self.members += 1
        self.total_bytes += len(member.content)
        if self.members > self.limits.members:
            return TooLargeError(f"里面的文件超过 {self.limits.members} 个，其余未读", subject=member.origin)
        if self.total_bytes > self.limits.total_bytes:
            size = self.limits.total_bytes // 1048576
            return TooLargeError(f"展开后超过 {size} MB，其余未读", subject=member.origin)
        return None
