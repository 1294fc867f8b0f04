"""Which deliveries people look at although no rule asks for it: a random share, the same one whenever it is asked."""

import hashlib

AUDIT = "audit"
"""The rule that such a review names."""

_SCALE = 1 << 64


def is_audited(run_id: str, share: float) -> bool:
    """Whether a run belongs to the share.

    Decided by a hash of the run's name: a retry gives the same answer, and of many runs the share comes out.

    Parameters
    ----------
    share
        0..1.
    """
    drawn = int.from_bytes(hashlib.sha256(f"audit/{run_id}".encode()).digest()[:8])
    return drawn < share * _SCALE
