"""A connection to one deployment, and what it has, each in a part of its own."""

from typing import Self

from botocore.credentials import Credentials

from infra.client.batches import Batches
from infra.client.costs import CostBook
from infra.client.credentials import CredentialsBook
from infra.client.delivered import Delivered
from infra.client.fetches import Fetches
from infra.client.hooks import Hooks
from infra.client.lives import Lives
from infra.client.local import LocalStack
from infra.client.marks import Marks
from infra.client.previews import Previews
from infra.client.provenance import Provenance
from infra.client.recipes import Recipes
from infra.client.removals import Removals
from infra.client.replays import Replays
from infra.client.reviews import Reviews
from infra.client.runs import Runs
from infra.client.transport import MACHINES, Transport
from infra.client.verdicts import Verdicts
from infra.client.webhooks import Webhooks


class Connection:
    """Reaches one deployment. May be shared between threads."""

    fetches: Fetches
    """Pictures that are fetched from addresses."""
    batches: Batches
    """One order for many pictures."""
    hooks: Hooks
    """Where content systems send their events."""
    costs: CostBook
    """What runs cost."""
    lives: Lives
    """All that is known of assets, with small pictures."""
    delivered: Delivered
    """Where delivered files are read."""
    credentials: CredentialsBook
    """What delivered files say about themselves."""
    previews: Previews
    """Looks at what would be removed, or at what words make."""
    provenance: Provenance
    """What is written down of runs, and runs by what did them."""
    runs: Runs
    """Runs, by their names."""
    marks: Marks
    """The registered marks."""
    recipes: Recipes
    """The recipes and their versions."""
    removals: Removals
    """What is taken back."""
    replays: Replays
    """Runs that are done again, and what runs made."""
    reviews: Reviews
    """What waits for people."""
    verdicts: Verdicts
    """What people said of results."""
    webhooks: Webhooks
    """Who is told of outcomes."""

    def __init__(self, transport: Transport) -> None:
        self._http = transport
        self.fetches = Fetches(transport)
        self.batches = Batches(transport)
        self.hooks = Hooks(transport)
        self.marks = Marks(transport)
        self.recipes = Recipes(transport)
        self.costs = CostBook(transport)
        self.lives = Lives(transport)
        self.delivered = Delivered(transport)
        self.credentials = CredentialsBook(transport)
        self.previews = Previews(transport)
        self.provenance = Provenance(transport)
        self.runs = Runs(transport)
        self.removals = Removals(transport)
        self.replays = Replays(transport)
        self.reviews = Reviews(transport)
        self.verdicts = Verdicts(transport)
        self.webhooks = Webhooks(transport)

    @classmethod
    def local(cls, stack: LocalStack | None = None) -> Self:
        """Connect to an embedded stack: this one, or the one that ``cleanplate up`` has started.

        Raises
        ------
        PermanentFailure
            ``no_stack`` or ``stack_broken`` where none is named and none runs.
        """
        if stack is None:
            from infra.local.stack import attach

            stack = attach()
        base = f"{stack.endpoint_url}/_aws/execute-api/{stack.outputs['ApiId']}/$default"
        return cls(Transport(base + MACHINES, Credentials("test", "test"), stack.region))

    @classmethod
    def aws(cls, stack_name: str, *, region: str | None = None, profile: str | None = None) -> Self:
        """Connect to a stack deployed on AWS; its address comes from CloudFormation's outputs.

        Raises
        ------
        PermanentFailure
            If there are no credentials or no such stack; says which.
        """
        from infra.client.discovery import discover

        return cls(discover(stack_name, region, profile))

    @property
    def url(self) -> str:
        """Address of the API."""
        return self._http.base_url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.url}>"

    def close(self) -> None:
        """Close the connections; the client opens new ones when it is used again."""
        self._http.pool.clear()
