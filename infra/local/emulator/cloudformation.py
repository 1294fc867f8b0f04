"""How resource types are added to ministack's CloudFormation."""

from typing import Any, Protocol

from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]


class ResourceType(Protocol):
    """What CloudFormation needs to know about a kind of resource.

    ``create`` returns the physical id, which ``Ref`` gives, and the attributes, which ``Fn::GetAtt`` gives.
    """

    def create(self, logical_id: str, props: Properties, stack: str) -> tuple[str, Properties]:
        """Make the resource."""
        ...

    def delete(self, physical_id: str, props: Properties) -> None:
        """Unmake it; it may be gone already."""
        ...


def register(name: str, resource_type: ResourceType) -> None:
    """Add a type whose every change is a replacement: create anew, then delete what has another id."""

    def update(
        physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> tuple[str, Properties]:
        created = resource_type.create(logical_id, new, stack)
        if created[0] != physical_id:
            resource_type.delete(physical_id, old)
        return created

    provisioners._RESOURCE_HANDLERS[name] = {
        "create": resource_type.create,
        "update": update,
        "update_with_logical_id": True,
        "delete": resource_type.delete,
    }


def handlers_of(name: str) -> dict[str, Any]:
    """Return ministack's own handlers of a type, to be wrapped in place."""
    handlers: dict[str, Any] = provisioners._RESOURCE_HANDLERS[name]
    return handlers


def default_name(stack: str, logical_id: str, *, longest: int) -> str:
    """Return the name that CloudFormation gives to a resource without one: stable for a stack and logical id."""
    name: str = provisioners._physical_name(stack, logical_id, max_len=longest)
    return name
