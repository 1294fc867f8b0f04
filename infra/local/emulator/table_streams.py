"""Functions that read the stream of a table.

AWS
    Reads a stream apart from everything else. It keeps changes for a day, and where a function has come to in them.
ministack
    Calls the function on the one thread that also hands out the messages of all queues, which wait for it; keeps a
    day's changes in memory, the values before and after included; and saves how far a function came but not the
    changes: after a restart it skips as many new ones as it had read before.

So a thread of its own reads the streams, what every reader has read is dropped, and the rest is saved with the table.
"""

import contextvars
import copy
import logging
import threading
from typing import Any

from ministack.services import dynamodb, lambda_svc

_IDLE_SECONDS = 1.0  # at least this often, for mappings that were made or are allowed to try again meanwhile
_changed = threading.Event()
_started = threading.Lock()
_dropping = threading.Lock()


def apply() -> None:
    """Replace the poll of streams, and save what nobody has read yet."""
    poll, ensure_poller = lambda_svc._poll_dynamodb_streams, lambda_svc._ensure_poller
    emit, save, restore = dynamodb._emit_stream_event, dynamodb.get_state, dynamodb._restore_state
    restore_functions = lambda_svc._restore_state

    def emitting(*args: Any, **kwargs: Any) -> None:
        emit(*args, **kwargs)
        _changed.set()

    def ensuring() -> None:
        ensure_poller()
        if _started.acquire(blocking=False):  # never released: once is enough
            reader = contextvars.Context().run
            threading.Thread(target=reader, args=(_read_for_ever, poll), daemon=True).start()

    def saving() -> dict[str, Any]:
        # After the tables: a change whose table was not saved is told too often, and never not at all.
        tables = save()
        with _dropping:
            return {**tables, "unread_changes": copy.deepcopy(dynamodb._stream_records)}

    def restoring(data: Any) -> None:
        restore(data)
        dynamodb._stream_records.update((data or {}).get("unread_changes", {}))

    def restoring_functions(data: Any) -> None:
        restore_functions(data)
        positions = lambda_svc._dynamodb_stream_positions._data
        positions.update(dict.fromkeys(positions, 0))  # what was saved of a stream is what is to be read of it

    lambda_svc._poll_dynamodb_streams = lambda: False
    lambda_svc._ensure_poller = ensuring
    lambda_svc._restore_state = restoring_functions
    dynamodb._emit_stream_event, dynamodb.get_state, dynamodb._restore_state = emitting, saving, restoring


def _read_for_ever(poll: Any) -> None:
    while True:
        _changed.clear()
        try:
            busy = poll()
            _forget_what_was_read()
        except Exception:
            logging.getLogger(__name__).exception("streams could not be read")
            busy = False
        if not busy:
            _changed.wait(_IDLE_SECONDS)


def _forget_what_was_read() -> None:
    """Drop what is behind every reader of a table."""
    for (account, region, table), changes in list(dynamodb._stream_records.all_items()):
        positions = [
            lambda_svc._dynamodb_stream_positions.get_scoped(account, region, mapping["UUID"], 0)
            for owner, place, mapping in lambda_svc._iter_all_esms()
            if (owner, place) == (account, region) and f":table/{table}/stream/" in mapping.get("EventSourceArn", "")
        ]
        trimmed = dynamodb._stream_trimmed.get_scoped(account, region, table, 0)
        read = min(positions, default=0) - trimmed
        if read > 0:
            with _dropping:
                dynamodb._stream_trimmed.set_scoped(account, region, table, trimmed + read)
                del changes[:read]
