"""Robots of chat groups (企业微信, 钉钉, 飞书): one JSON body each, and whether it was taken.

The address holds the robot's key, so no message or log ever shows it.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any

import requests
from urllib3.exceptions import LocationParseError, NewConnectionError

from services.mailing import NotSentError, UnsureError
from services.service import Webhook
from store.records import Message

TIMEOUT = (5.0, 30.0)
BUSY = frozenset({45009, 130101, 11232, 9499})
"""Too many messages: 45009 at 企业微信, 130101 at 钉钉, 11232 and 9499 at 飞书. Later it goes."""
BAD_ADDRESS = (
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    LocationParseError,
    UnicodeError,
)
"""What is raised for an address that is none: nothing was sent."""
MOST_BYTES = 2000
"""企业微信 refuses a text beyond 2048 bytes; a Chinese character takes three."""


def post(hook: Webhook, message: Message, now: datetime) -> None:
    """Hands a message to the robot; NotSentError when it was surely not taken, UnsureError when it may have been."""
    address, body = request_of(hook, message, now)
    try:
        answer = requests.post(address, json=body, timeout=TIMEOUT, allow_redirects=False)
    except BAD_ADDRESS as error:
        raise NotSentError(
            "群机器人的地址写得不对，请在刊物文件里改正", subject=hook.name, unconfigured=True
        ) from error
    except requests.ConnectTimeout as error:
        raise NotSentError("连不上群机器人：超时", subject=hook.name, again=True) from error
    except requests.ConnectionError as error:
        if _never_connected(error):
            raise NotSentError("连不上群机器人", subject=hook.name, again=True) from error
        raise UnsureError("连接中断，不知群机器人是否收到", subject=hook.name) from error
    except requests.RequestException as error:
        raise UnsureError(f"群机器人没有应答（{type(error).__name__}）", subject=hook.name) from error
    _check(hook, answer)


def request_of(hook: Webhook, message: Message, now: datetime) -> tuple[str, dict[str, Any]]:
    """Address and JSON body for the kind of robot."""
    text = shortened(f"{message.subject}\n{message.text}".strip())
    address, stamp = hook.url.get_secret_value(), int(now.timestamp())
    secret = hook.secret.get_secret_value()
    match hook.kind:
        case "wecom":
            return address, {"msgtype": "text", "text": {"content": text}}
        case "dingtalk":
            return _signed_dingtalk(address, secret, stamp * 1000), {"msgtype": "text", "text": {"content": text}}
        case "feishu":
            body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
            return address, body | (_feishu_signature(secret, stamp) if secret else {})
    return address, {"subject": message.subject, "text": message.text}


def shortened(text: str, limit: int = MOST_BYTES) -> str:
    """The text within so many bytes, cut at a character, with 省略号 where it was cut."""
    if len(text.encode()) <= limit:
        return text
    return text.encode()[: limit - 3].decode("utf-8", "ignore") + "…"


def _signed_dingtalk(address: str, secret: str, stamp: int) -> str:
    """The address with 钉钉's signature: HMAC-SHA256 of time and secret, keyed by the secret."""
    if not secret:
        return address
    from urllib.parse import quote_plus

    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    sign = quote_plus(base64.b64encode(digest))
    return f"{address}{'&' if '?' in address else '?'}timestamp={stamp}&sign={sign}"


def _feishu_signature(secret: str, stamp: int) -> dict[str, str]:
    """飞书's signature: HMAC-SHA256 of nothing, keyed by time and secret."""
    digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": str(stamp), "sign": base64.b64encode(digest).decode()}


def _never_connected(error: requests.ConnectionError) -> bool:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)


def _check(hook: Webhook, answer: requests.Response) -> None:
    """NotSentError unless the robot says that it has taken the message."""
    if answer.status_code == 429 or answer.status_code >= 500:
        raise NotSentError(f"群机器人暂时不收：HTTP {answer.status_code}", subject=hook.name, again=True)
    if not answer.ok or answer.is_redirect:
        raise NotSentError(f"群机器人拒收：HTTP {answer.status_code}", subject=hook.name)
    if hook.kind == "json":
        return
    try:
        said = answer.json()
        code = int(said.get("errcode", said.get("code", said.get("StatusCode", 0))))
    except (ValueError, AttributeError, TypeError):
        raise NotSentError("群机器人的应答看不懂，请检查地址", subject=hook.name) from None
    if code:
        reason = said.get("errmsg") or said.get("msg") or ""
        raise NotSentError(f"群机器人拒收：{code} {reason}", subject=hook.name, again=code in BUSY)
