"""Putting messages into the outbox: the same key is the same message, whatever happens.

Apart from `outgoing`, which sends them, so that signing an issue loads no mail or web library.
"""

from collections.abc import Iterable

from services.context import Office
from store.database import Transaction
from store.records import Message

MAIL = "mail"
ROBOT = "robot"


def queue(office: Office, unit: Transaction, key: str, message: Message) -> bool:
    """True where the message is new: the same key is the same message, whatever happens."""
    return unit.outbox.add(office.publication.key, key, message)


def queue_for_all(office: Office, unit: Transaction, key: str, to: Iterable[str], message: Message) -> int:
    """How many new messages there are: one by mail to each address of `to`, one to each robot."""
    mails = {address: message.model_copy(update={"channel": MAIL, "recipient": address}) for address in to}
    robots = {
        hook.name: message.model_copy(update={"channel": ROBOT, "recipient": hook.name, "attachments": ()})
        for hook in office.service.webhooks
    }
    return sum(queue(office, unit, f"{key}/{name}", one) for name, one in {**mails, **robots}.items())
