"""CloudFront's signed addresses: what is written can be read back, and stands in an address as it is."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote

from hypothesis import given
from hypothesis import strategies as st

from schemas import signed_link

UNTIL = datetime(2026, 12, 1, tzinfo=UTC)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_a_query_needs_no_escaping_and_is_read_back(policy: bytes, signature: bytes) -> None:
    query = signed_link.query_of(policy, signature, "K2JCJMDEHXQW5F")
    assert quote(query, safe="=&~") == query
    assert not set(query) & set("+/, \"'<>")
    read = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
    assert signed_link.read(read["Policy"]) == policy
    assert signed_link.read(read["Signature"]) == signature


def test_a_policy_is_what_cloudfront_documents() -> None:
    """The form of its developer guide: one statement, no spaces, seconds since 1970."""
    text = signed_link.policy_of("https://d111111abcdef8.cloudfront.net/assets/a-0/*", UNTIL)
    assert text == (
        b'{"Statement":[{"Resource":"https://d111111abcdef8.cloudfront.net/assets/a-0/*",'
        b'"Condition":{"DateLessThan":{"AWS:EpochTime":1796083200}}}]}'
    )
    assert json.loads(text)
