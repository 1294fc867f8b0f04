"""What the deployment tells a function through its environment, checked when it is first needed."""

import os
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.errors import PermanentFailure
from schemas.stage import Stage

_BESIDE_THE_CODE = Path(__file__).parent.parent / "recipes"
"""Where the build puts the recipes: next to ``handlers/`` in the function's own folder."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Settings(BaseModel):
    """Names of the deployed resources. Every function gets all of them; its role decides what it may touch."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    table: str = Field(alias="TABLE_NAME")
    inbox_bucket: str = Field(alias="INBOX_BUCKET")
    work_bucket: str = Field(alias="WORK_BUCKET")
    delivery_bucket: str = Field(alias="DELIVERY_BUCKET")
    state_machine_arn: str = Field(alias="STATE_MACHINE_ARN")
    batch_machine_arn: str = Field(default="", alias="BATCH_MACHINE_ARN", description="for who starts batches")
    endpoint_prefix: str = Field(alias="ENDPOINT_PREFIX")
    endpoint_layout: str = Field(alias="ENDPOINT_LAYOUT", pattern="^(shared|per-stage)$")
    event_bus: str = Field(alias="EVENT_BUS", description="where reviews are announced")
    intake_queue_url: str = Field(default="", alias="INTAKE_QUEUE_URL", description="what arrives is looked at from it")
    fetch_queue_url: str = Field(
        default="", alias="FETCH_QUEUE_URL", description="address of the queue of what is to be fetched"
    )
    webhook_queue_url: str = Field(
        default="", alias="WEBHOOK_QUEUE_URL", description="address of the queue of webhooks that are to be sent"
    )
    webhook_dead_letters_url: str = Field(
        default="", alias="WEBHOOK_DEAD_LETTERS_URL", description="address of the queue of those that were given up"
    )
    webhook_pauses: str = Field(
        default="5,30,120,600,1800,3600,7200,14400,21600,28800",
        alias="WEBHOOK_PAUSES",
        pattern="^[0-9]{1,5}(,[0-9]{1,5}){0,19}$",
        description="seconds between attempts to send a webhook",
    )
    removal_queue_url: str = Field(
        default="", alias="REMOVAL_QUEUE_URL", description="address of the queue of what is to be taken away"
    )
    work_days: int = Field(
        default=0, alias="WORK_DAYS", ge=0, description="after which what stages made goes; 0: it is kept"
    )
    forget_after_days: int = Field(
        default=0, alias="FORGET_AFTER_DAYS", ge=0, description="after which a picture is erased; 0: never"
    )
    cdn: str = Field(default="", alias="CDN_DISTRIBUTION", description="for who has it forget files")
    outcome_bus: str = Field(default="", alias="OUTCOME_BUS", description="where outcomes are told, for who tells them")
    cdn_url: str = Field(
        default="", alias="CDN_URL", description="address that delivered files are read at, without a slash at its end"
    )
    second_target: str = Field(default="", alias="SECOND_TARGET", description="bucket that deliveries are copied to")
    second_target_url: str = Field(
        default="", alias="SECOND_TARGET_URL", description="address that files of that bucket are read at"
    )
    copy_queue_url: str = Field(
        default="", alias="COPY_QUEUE_URL", description="address of the queue of what is to be copied there"
    )
    link_secret: str = Field(
        default="", alias="LINK_SECRET", description="name of the secret that addresses are signed with, if they are"
    )
    link_key_ids: str = Field(
        default="", alias="LINK_KEY_IDS", description="names of the public keys in their slots, by a comma"
    )
    attached_buckets: str = Field(default="", alias="ATTACHED_BUCKETS", description="others' buckets, by commas")
    models: str = Field(default="", alias="MODELS", description="address of the packed models; part of a result's name")
    default_recipe: str = Field(default="remove-watermark", alias="DEFAULT_RECIPE")
    recipes_folder: Path = Field(default=_BESIDE_THE_CODE, alias="RECIPES_FOLDER")
    rights: Literal["", "owned", "licensed"] = Field(
        default="", alias="RIGHTS", description="what the owner of the inbox states about every upload"
    )
    instance: str = Field(default="local", alias="INSTANCE_TYPE", description="what the models run on, for their price")
    prices_file: Path = Field(default=_BESIDE_THE_CODE.parent / "prices.yaml", alias="PRICES_FILE")
    signing_secret: str = Field(
        default="", alias="SIGNING_SECRET", description="name of the secret that Content Credentials are signed with"
    )
    credentials_function: str = Field(
        default="", alias="CREDENTIALS_FUNCTION", description="who checks what is delivered, for who asks it"
    )
    time_stamp_url: str = Field(
        default="", alias="TIME_STAMP_URL", pattern="^(https?://.+)?$", description="of a time stamp authority"
    )
    max_bytes: int = Field(default=256 * 1024 * 1024, alias="MAX_UPLOAD_BYTES", gt=0)
    max_pixels: int = Field(default=120_000_000, alias="MAX_PIXELS", gt=0)
    writes_per_minute: int = Field(
        default=6000, alias="WRITES_PER_MINUTE", ge=0, description="of one caller of the API; 0: as many as they like"
    )
    max_attempts: int = Field(default=3, alias="MAX_ATTEMPTS", ge=1, le=10)

    page_folder: Path = Field(default=_BESIDE_THE_CODE.parent / "review", alias="REVIEW_FOLDER")
    sign_in: Literal["cognito", "developer"] = Field(default="cognito", alias="SIGN_IN")
    sign_in_url: str = Field(default="", alias="SIGN_IN_URL", description="address of the user pool's own sign-in")
    sign_in_client: str = Field(default="", alias="SIGN_IN_CLIENT", description="the page's name at the user pool")
    aws_endpoint: str = Field(default="", alias="AWS_ENDPOINT_URL", description="where AWS is played, if it is not AWS")
    private_addresses: Literal["yes", "no"] = Field(
        default="no", alias="ALLOW_PRIVATE_ADDRESSES", description="whether requests may go to this very network"
    )

    def era(self, seconds: float) -> str:
        """Name the time in which an answer may be found again, so that none is that is about to be taken away.

        Eras are half as long as answers are kept: whatever is found has as much time left.

        Parameters
        ----------
        seconds
            Since 1970.
        """
        return f"era-{int(seconds // (self.work_days * 43_200))}" if self.work_days else ""

    @property
    def attached(self) -> frozenset[str]:
        """Buckets of others from which pictures are copied in; what the system itself writes to is none of them."""
        own = {self.inbox_bucket, self.work_bucket, self.delivery_bucket}
        return frozenset(filter(None, self.attached_buckets.split(","))) - own

    @property
    def delivery_url(self) -> str:
        """Address of the CDN, without a slash at its end: where AWS is played, one that a browser there can read."""
        played = urlsplit(self.aws_endpoint)
        name, dot, ending = (urlsplit(self.cdn_url).hostname or "").partition(".cloudfront.")
        return f"http://{name}{dot}localhost:{played.port}" if self._is_played and ending == "net" else self.cdn_url

    @property
    def signs_in_developers(self) -> bool:
        """Whether the emulator's own login is to be offered: a parameter alone cannot bring that about on AWS."""
        return self.sign_in == "developer" and self._is_played

    @property
    def allows_private_addresses(self) -> bool:
        """Whether requests may go to this machine and its network: on AWS never, whatever a parameter says."""
        return self.private_addresses == "yes" and self._is_played

    @property
    def _is_played(self) -> bool:
        return urlsplit(self.aws_endpoint).hostname in _LOOPBACK

    def endpoint_for(self, stage: Stage) -> str:
        """Name the SageMaker endpoint that serves a stage in this deployment's layout."""
        suffix = "shared" if self.endpoint_layout == "shared" else stage.kind
        return f"{self.endpoint_prefix}-{suffix}"


@cache
def settings() -> Settings:
    """Read the environment once.

    Raises
    ------
    PermanentFailure
        If a variable is missing or makes no sense; names it, and never prints its value.
    """
    try:
        return Settings.model_validate(dict(os.environ))
    except ValidationError as error:
        names = ", ".join(str(problem["loc"][0]) for problem in error.errors())
        raise PermanentFailure(f"Environment variables missing or wrong: {names}.", code="settings") from None
