"""The CDN: nothing but reading, nothing in the clear, nothing that a file from outside could do in a browser."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.infrastructure.conftest import Resources, as_text

OfType = Callable[[str], Resources]
Behaviour = dict[str, Any]


@pytest.fixture
def cdn(of_type: OfType) -> dict[str, Any]:
    (found,) = of_type("AWS::CloudFront::Distribution").values()
    config: dict[str, Any] = found["Properties"]["DistributionConfig"]
    return config


@pytest.fixture
def behaviours(cdn: dict[str, Any]) -> list[Behaviour]:
    return [cdn["DefaultCacheBehavior"], *cdn["CacheBehaviors"]]


def test_every_path_is_read_only_encrypted_compressed_and_has_our_headers(behaviours: list[Behaviour]) -> None:
    for behaviour in behaviours:
        assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"
        assert behaviour["AllowedMethods"] == behaviour["CachedMethods"] == ["GET", "HEAD"]
        assert behaviour["Compress"] is True
        assert behaviour["ResponseHeadersPolicyId"] == {"Ref": "CdnHeaders"}


def test_a_manifest_is_never_older_than_it_says_and_files_are_kept(
    of_type: OfType, behaviours: list[Behaviour]
) -> None:
    files, *manifests = behaviours
    assert files["CachePolicyId"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"  # CachingOptimized: as the file says
    assert {each["PathPattern"] for each in manifests} == {"manifests/*", "assets/*/manifest.json"}
    assert all(each["CachePolicyId"] == {"Ref": "ManifestCache"} for each in manifests)
    policy = of_type("AWS::CloudFront::CachePolicy")["ManifestCache"]["Properties"]["CachePolicyConfig"]
    assert policy["MinTTL"] == 0, "with more CloudFront keeps what says no-cache"


def test_a_picture_opened_by_itself_can_do_nothing_and_pages_of_others_may_show_it(of_type: OfType) -> None:
    (policy,) = of_type("AWS::CloudFront::ResponseHeadersPolicy").values()
    config = policy["Properties"]["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    assert all(header["Override"] for header in security.values())
    said = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    assert "sandbox" in said
    assert "default-src 'none'" in said
    assert "script" not in said
    assert "ContentTypeOptions" in security
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 365 * 24 * 3600
    (own,) = config["CustomHeadersConfig"]["Items"]
    assert (own["Header"], own["Value"]) == ("Cross-Origin-Resource-Policy", "cross-origin")
    assert config["CorsConfig"]["AccessControlAllowCredentials"] is False
    assert config["CorsConfig"]["AccessControlAllowMethods"] == {"Items": ["GET", "HEAD"]}


def test_the_cdn_signs_what_it_asks_the_bucket_and_may_not_list_it(of_type: OfType, cdn: dict[str, Any]) -> None:
    (origin,) = cdn["Origins"]
    assert origin["OriginAccessControlId"] == {"Fn::GetAtt": ["CdnAccess", "Id"]}
    (access,) = of_type("AWS::CloudFront::OriginAccessControl").values()
    assert access["Properties"]["OriginAccessControlConfig"]["SigningBehavior"] == "always"
    policy = of_type("AWS::S3::BucketPolicy")["DeliveryBucketPolicy"]["Properties"]["PolicyDocument"]
    (allowed,) = [each for each in policy["Statement"] if each["Effect"] == "Allow"]
    # With ListBucket a missing file would be told from a forbidden one, and `GET /` would list all of them.
    assert allowed["Action"] == "s3:GetObject"


def test_what_was_asked_for_too_early_is_asked_for_again_soon(cdn: dict[str, Any]) -> None:
    assert {each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in cdn["CustomErrorResponses"]} == {403: 1, 404: 1}


def test_a_domain_of_ones_own_is_served_with_tls_1_2_at_least_and_only_with_its_certificate(
    template: dict[str, Any], cdn: dict[str, Any]
) -> None:
    condition, own, standard = cdn["ViewerCertificate"]["Fn::If"]
    assert condition == "HasDomain"
    assert (own["MinimumProtocolVersion"], own["SslSupportMethod"]) == ("TLSv1.2_2021", "sni-only")
    assert standard == {"CloudFrontDefaultCertificate": True}
    assert cdn["Aliases"] == {"Fn::If": ["HasDomain", [{"Ref": "DeliveryDomain"}], {"Ref": "AWS::NoValue"}]}
    assert "DeliveryCertificate" in as_text(template["Rules"]["DomainAndCertificate"])


def test_http_3_is_spoken(cdn: dict[str, Any]) -> None:
    assert cdn["HttpVersion"] == "http2and3"


def test_where_there_is_a_key_no_path_is_open(of_type: OfType, behaviours: list[Behaviour]) -> None:
    trusted = {"Fn::If": ["SignsLinks", [{"Ref": "LinkKeys"}], {"Ref": "AWS::NoValue"}]}
    assert [each["TrustedKeyGroups"] for each in behaviours] == [trusted] * 3
    keys = of_type("AWS::CloudFront::PublicKey")
    names = [key["Properties"]["PublicKeyConfig"]["Name"] for key in keys.values()]
    assert len(keys) == 2
    assert names[0] != names[1]
