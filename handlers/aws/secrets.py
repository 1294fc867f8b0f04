"""Secrets Manager: secrets of this deployment, by name. Nothing here is ever logged."""

from botocore.exceptions import ClientError

from handlers.aws.clients import client, error_code, translated

_MISSING = "ResourceNotFoundException"
_TAKEN = "ResourceExistsException"


def read(name: str) -> str | None:
    """Read a secret as it is now; ``None`` if there is none."""
    with translated("reading a secret"):
        try:
            return str(client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])
        except ClientError as error:
            if error_code(error) == _MISSING:
                return None
            raise


def write(name: str, text: str) -> None:
    """Keep a secret, in the place of what had the name before."""
    with translated("keeping a secret"):
        if not _replaced(name, text):
            try:
                client("secretsmanager").create_secret(Name=name, SecretString=text)
            except ClientError as error:
                if error_code(error) != _TAKEN:  # somebody else made it meanwhile
                    raise
                _replaced(name, text)


def _replaced(name: str, text: str) -> bool:
    try:
        client("secretsmanager").put_secret_value(SecretId=name, SecretString=text)
    except ClientError as error:
        if error_code(error) != _MISSING:
            raise
        return False
    return True


def forget(name: str) -> None:
    """Delete a secret for good; its name may be used again at once. Fine if there is none."""
    with translated("deleting a secret"):
        try:
            client("secretsmanager").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        except ClientError as error:
            if error_code(error) != _MISSING:
                raise
