"""Application Auto Scaling of endpoints.

AWS
    ``ScalableTarget`` and ``ScalingPolicy`` change the number of instances behind an endpoint.
ministack
    Does not know these types. One machine has nothing to scale, so they are accepted and do nothing.
"""

from ministack.core.responses import get_account_id, get_region

from infra.local.emulator.cloudformation import Properties, register


class _ScalableTarget:
    def create(self, logical_id: str, props: Properties, stack: str) -> tuple[str, Properties]:
        parts = (props["ResourceId"], props["ScalableDimension"], props["ServiceNamespace"])
        return "|".join(parts), {}

    def delete(self, physical_id: str, props: Properties) -> None:
        """Nothing was made."""


class _ScalingPolicy:
    def create(self, logical_id: str, props: Properties, stack: str) -> tuple[str, Properties]:
        name = props["PolicyName"]
        target = props.get("ScalingTargetId") or props.get("ResourceId", "")
        arn = f"arn:aws:autoscaling:{get_region()}:{get_account_id()}:scalingPolicy:local:{target}:policyName/{name}"
        return arn, {"Arn": arn, "PolicyName": name}

    def delete(self, physical_id: str, props: Properties) -> None:
        """Nothing was made."""


def apply() -> None:
    """Register the two types."""
    register("AWS::ApplicationAutoScaling::ScalableTarget", _ScalableTarget())
    register("AWS::ApplicationAutoScaling::ScalingPolicy", _ScalingPolicy())
