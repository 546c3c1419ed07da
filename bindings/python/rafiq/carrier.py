"""Carries an exchange to a relay over HTTP: `POST {relay}/v1/exchange`, `application/cbor`."""

import urllib.error
import urllib.request

from .rafiq_ffi import HostError

_LARGEST = 2 << 20
"""Bytes of an answer. A relay gives what the budget asks for, 1 MiB at most; more is not read."""


def http_carrier(exchange, timeout=30.0):
    """The relay's answer to an exchange. `HostError.Failed` where there is none: nothing is lost, the next exchange asks again."""
    request = urllib.request.Request(
        exchange.relay.rstrip("/") + "/v1/exchange", data=exchange.bytes, headers={"content-type": "application/cbor"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            body = answer.read(_LARGEST + 1)
    except urllib.error.HTTPError as error:
        raise HostError.Failed(f"relay answered {error.code}") from None
    except (OSError, ValueError):  # no line, a line that was cut, no address
        raise HostError.Failed("no connection") from None
    if len(body) > _LARGEST:
        raise HostError.Failed("answer too large")
    return body
