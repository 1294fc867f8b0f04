"""An asset as the API shows it, with a run that edited one area."""

from typing import Any

import pytest

from infra.client import AssetView

SHA = "ab" * 32
_MODEL = {"version": "1", "licence": "Apache-2.0", "commercial_use": True}


def stage(name: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    times = {"started_at": f"2026-05-04T10:00:0{start}Z", "ended_at": f"2026-05-04T10:00:0{end}Z"}
    return {"asset_id": "a-1", "run_id": "r-1", "stage": name, **times, **more}


def pointer(bucket: str, key: str) -> dict[str, str]:
    return {"bucket": bucket, "key": key}


def document(**more: Any) -> dict[str, Any]:
    rendition = {
        "name": "native",
        "key": "assets/a-1/photo.png",
        "media_type": "image/png",
        "width": 64,
        "height": 48,
        "size_bytes": 1234,
        "sha256": SHA,
    }
    outcome = {
        "status": "DELIVERED",
        "reason": "Confidence 0.83 reaches 0.60.",
        "code": "delivered",
        "route": "auto",
        "rule": "confidence-reached",
        "confidence": 0.83,
        "renditions": [rendition],
    }
    area = {"box": {"x": 20, "y": 10, "width": 12, "height": 8}, "hole_pixels": 96, "model": "fsr"}
    area["crop"] = {"x": 0, "y": 0, "width": 64, "height": 48}
    signals = {"changed_outside_mask": 0, "mask_share": 0.03, "widest_hole": 8, "seam_ratio": 1.04}
    return {
        "asset_id": "a-1",
        "run_id": "r-1",
        "source": pointer("inbox", "remove-watermark/photo.png"),
        "size_bytes": 999,
        "recipe": "remove-watermark@1",
        "status": "DELIVERED",
        "outcome": outcome,
        "created_at": "2026-05-04T10:00:00Z",
        "updated_at": "2026-05-04T10:00:09Z",
        "stages": [
            stage("inspect", 1, 2, wall_seconds=1.0),
            stage("inpaint", 3, 5, model={"name": "by-hole", **_MODEL}, model_seconds=1.8, areas=[area]),
            stage("assess", 5, 6, model={"name": "classical-assess", **_MODEL}, signals=signals),
            stage("deliver", 7, 8, outputs={"native": pointer("delivery", rendition["key"])}),
        ],
        "links": {"original": "https://example.org/secret-link"},
        **more,
    }


@pytest.fixture
def asset() -> AssetView:
    return AssetView.model_validate(document())
