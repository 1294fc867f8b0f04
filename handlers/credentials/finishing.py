"""The last steps of a delivered file: its XMP packet, and what it says about itself, signed."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from handlers.aws import dossier, storage
from handlers.credentials.embedding import CAN_EMBED, embed_xmp
from handlers.credentials.signer import Signer, signer
from handlers.credentials.signing import sign
from handlers.lineage import stages_behind
from handlers.observability import logger
from handlers.picture_file import xmp_of
from handlers.settings import settings
from schemas import xmp
from schemas.claims import Output, claim_of
from schemas.credentials import can_carry
from schemas.errors import BadInput
from schemas.making import Made, making_of
from schemas.pointers import S3Pointer
from schemas.records import now
from schemas.run import RunState
from schemas.stage import Stage


@dataclass(frozen=True)
class Finisher:
    """Finishes the files of one run. ``original`` is the upload, ``theirs`` the XMP packet that it came with.

    Both are ``None`` where the upload is gone.
    """

    state: RunState
    made: dict[Stage, Made]
    moment: datetime
    signer: Signer | None
    original: Path | None
    theirs: bytes | None = None

    def packet(self, output: Output, existing: bytes | None = None) -> bytes | None:
        """Write the XMP packet of a file; ``None`` for a picture that was not worked on, whose own stays."""
        if self.state.made_by is None and not output.enlarged:
            return None
        return xmp.packet(claim_of(self.state, self.made, output, moment=self.moment), existing)

    def describe(self, path: Path, output: Output) -> None:
        """Put the packet into a file that is delivered as a stage left it."""
        packet = self.packet(output, self._permitted()) if output.media_type in CAN_EMBED else None
        if packet is not None:
            embed_xmp(path, output.media_type, packet)

    def _permitted(self) -> bytes | None:
        """What of the upload's own packet may travel on. A scene tells nothing of its sketch."""
        if self.theirs is None or self.state.made_by is Stage.GENERATE:
            return None
        policy = self.state.run.recipe.deliver.metadata
        if policy == "keep":
            return self.theirs
        from handlers.rendering.metadata import Metadata, permitted  # with libvips, which not every function carries

        return permitted(Metadata(xmp=self.theirs), policy).xmp

    def sign(self, path: Path, output: Output) -> bool:
        """Sign a file in its place; tell whether it carries Content Credentials now.

        Raises
        ------
        CleanplateError
            As :func:`handlers.credentials.signing.sign`.
        """
        if self.signer is None or not can_carry(output.media_type):
            return False
        claim = claim_of(self.state, self.made, output, moment=self.moment)
        signed = path.with_name(f"{path.name}.signed")
        sign(path, signed, output.media_type, claim, self.signer, parent=self.original)
        signed.replace(path)
        return True


def finisher(state: RunState, folder: Path) -> Finisher:
    """Get ready to finish the files of a run: who signs, what its stages did, and the upload, kept in ``folder``.

    Nobody signs what a replay makes: it is compared, and never delivered.
    """
    run = state.run
    who = signer() if run.replay_of is None else None
    known = dossier.read(run.asset_id)
    original = _original(run.source, folder / "original")
    made = making_of(state, stages_behind(known, run.run_id))
    return Finisher(state, made, now(), who, original, xmp_of(original) if original else None)


def _original(source: S3Pointer, to: Path) -> Path | None:
    """Fetch the upload; ``None`` if somebody took it away meanwhile: what was made of it is delivered all the same."""
    try:
        storage.download(source, to, max_bytes=settings().max_bytes)
    except BadInput as error:
        if error.code != "missing_input":
            raise
        logger.warning("the upload is gone; files name it without its own credentials", extra={"key": source.key})
        return None
    return to
