"""Assets as their page knows them, made up: one with a whole life, told as the API tells it."""

from datetime import UTC, datetime, timedelta
from typing import Any

ASSET = "a-" + "4f" * 12
RUN, AGAIN = "r-" + "1" * 40, "r-" + "2" * 40
SHA = "7ea90c4c" * 8
Link = Any
"""Makes an address of a picture's name and a file's."""


def at(minute: int, second: int = 0) -> str:
    """A moment of the day before, as the API writes it."""
    day = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return (day + timedelta(minutes=minute, seconds=second)).isoformat().replace("+00:00", "Z")


def _file(key: str) -> dict[str, str]:
    return {"bucket": "cleanplate-work", "key": f"stages/{key}", "sha256": SHA}


def _stage(run: str, stage: str, minute: int, second: int, seconds: float, **facts: Any) -> dict[str, Any]:
    began = {"started_at": at(minute, second), "ended_at": at(minute, second + int(seconds) + 1)}
    return {"asset_id": ASSET, "run_id": run, "stage": stage, **began, "wall_seconds": seconds, **facts}


def _model(name: str, licence: str = "Apache-2.0", commercial: bool = True) -> dict[str, Any]:
    weights = [{"file": f"{name}.onnx", "sha256": SHA}]
    used = {
        "name": name,
        "version": "2",
        "licence": licence,
        "commercial_use": commercial,
        "device": "cpu (x86_64 AVX2, 2 threads)",
    }
    return {**used, "weights": weights, "libraries": {"onnxruntime": "1.23.2"}}


READINGS = [
    {"name": "Outside the mask", "value": "0 px", "words": "every pixel is identical", "level": "good"},
    {"name": "Edge", "value": "1.84", "words": "stands out from around it", "level": "fair"},
    {"name": "Sharpness", "value": "0.38", "words": "softer than around it", "level": "poor"},
]
FINDING = {"guard": "text", "change": "touched", "detail": "“Coffee of the day” was read before and not after"}
BOX = {"x": 412, "y": 362, "width": 176, "height": 30}
CROP = {"x": 380, "y": 330, "width": 220, "height": 70}


class FakeAssets:
    """Tells of one asset; ``made`` says whether its small pictures are there."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.made = True
        self.status = "DELIVERED"
        self.others: list[dict[str, Any]] = []
        self.credentials: dict[str, Any] | None = None
        self.key = "remove-watermark/menus/spring/coffee of the day.png"

    def answer(self, path: list[str], query: dict[str, str]) -> tuple[int, Any] | None:
        """Answer what is about assets and recipes; ``None`` if this is about something else."""
        match path:
            case ["recipes"]:
                return 200, {"recipes": [{"name": "remove-watermark"}, {"name": "remove-object"}]}
            case ["assets"]:
                return 200, self.listed(query)
            case ["assets", name, "life"] if name == ASSET:
                return 200, self.life()
            case ["assets", _, "miniatures"]:
                self.made = True
                return 202, {"missing": 3}
            case ["assets", _, "credentials"] if self.credentials:
                return 200, self.credentials
        return None

    def listed(self, query: dict[str, str]) -> dict[str, Any]:
        """List what fits."""
        found = [self.standing(), *self.others]
        found = [each for each in found if each["source"]["key"].startswith(query.get("folder", ""))]
        found = [each for each in found if query.get("status", each["status"]) == each["status"]]
        first = int(query.get("cursor", 0))
        return {"assets": found[first : first + 50], "cursor": str(first + 50) if first + 50 < len(found) else None}

    def other(self, key: str, status: str, **facts: Any) -> None:
        """Let there be another asset, of which only the list tells."""
        name = f"a-{len(self.others):024x}"
        self.others.append({**self.standing(), "asset_id": name, "status": status, "source": {"key": key}, **facts})

    def standing(self) -> dict[str, Any]:
        """How it stands."""
        source = {"bucket": "cleanplate-inbox", "key": self.key, "version_id": "v1"}
        inspection = {"media_type": "image/png", "width": 600, "height": 400, "sha256": SHA, "bit_depth": 8}
        facts = {"asset_id": ASSET, "source": source, "size_bytes": 466_000, "recipe": "remove-watermark@5"}
        moments = {"created_at": at(0), "updated_at": at(48)}
        outcome = {"status": self.status, "code": "approved", "reason": "clara approved it.", "confidence": 0.71}
        return {
            **facts, **moments, "inspection": inspection, "run_id": AGAIN, "attempt": 2, "status": self.status,
            "tags": {"shop": "berlin"}, "outcome": {**outcome, "renditions": self._renditions()},
        }  # fmt: skip

    def life(self) -> dict[str, Any]:
        """Tell its life."""
        files = [{**each, "link": self.link("coffee.png", "full-after.png")} for each in self._renditions()]
        return {
            "asset": self.standing(),
            "name": self.key.rsplit("/", 1)[-1],
            "original": self._seen("before.jpg"),
            "runs": [self._first(), self._second()],
            "trail": _TRAIL,
            "copies": [{"asset_id": ASSET, "bucket": "partner-pictures", "state": "copied", "at": at(47)}],
            "files": files if self.status == "DELIVERED" else [],
            "missing": 0 if self.made else 3,
        }

    def _seen(self, file: str) -> dict[str, str]:
        small = {"small": self.link("coffee.png", file)} if self.made else {}
        return {**small, "file": self.link("coffee.png", f"full-{file}")}

    def _renditions(self) -> list[dict[str, Any]]:
        native = {"name": "native", "key": "assets/1/native.png", "media_type": "image/png", "size_bytes": 461_200}
        web = {"name": "web-1280.avif", "key": "assets/1/web-1280.avif", "media_type": "image/avif"}
        return [
            {**native, "width": 600, "height": 400, "sha256": SHA, "credentials": True},
            {**web, "width": 600, "height": 400, "size_bytes": 38_900, "sha256": SHA, "ssim": 0.9831, "quality": 61},
        ]

    def _first(self) -> dict[str, Any]:
        stages = [
            _stage(RUN, "inspect", 0, 2, 0.3, note="A picture as it should be."),
            _stage(
                RUN, "mask", 0, 3, 1.2, model=_model("overlays"), outputs={"mask": _file("mask/1/mask.png")},
                pictures={"mask": self._seen("mask.png")}, mask={"share": 0.034}, model_seconds=0.9,
                detections=[{"label": "text", "score": 0.9, "box": BOX}], parameters={"grow": 4, "threshold": 0.5},
            ),
            _stage(
                RUN, "inpaint", 0, 5, 3.4, model=_model("by-hole", "CC-BY-NC-4.0", commercial=False),
                areas=[{"box": BOX, "crop": CROP, "hole_pixels": 4100, "model": "patchmatch"}], edited_share=0.034,
                parameters={"seed": 7, "prompt": "a wooden table <script>alert(1)</script>"},
                inputs={"source": {"bucket": "cleanplate-inbox", "key": "coffee.png", "version_id": "v1"}},
                cost={"seconds": 3.1, "dollars": 0.0003, "instance": "local", "prices_dated": "2025-11-30"},
            ),
            _stage(
                RUN, "refine", 0, 9, 1.1, model=_model("finish"), outputs={"image": _file("refine/1/image.png")},
                pictures={"image": self._seen("after.jpg")}, width=600, height=400,
            ),
            _stage(RUN, "assess", 0, 11, 0.8, readings=READINGS, confidence=0.42, findings=[FINDING], reused=True),
            _stage(RUN, "route", 0, 12, 0.1, decision="review", rule="guard-text", note="Text touched at `412,362`."),
        ]  # fmt: skip
        return {
            "run_id": RUN, "attempt": 1, "recipe": "remove-watermark@5", "entry": "inspect", "started_at": at(0, 1),
            "ended_at": at(0, 13), "status": "AWAITING_REVIEW", "code": "guard", "reason": "Text is touched.",
            "rule": "guard-text", "confidence": 0.42, "review": "decided", "stages": stages, "renditions": [],
        }  # fmt: skip

    def _second(self) -> dict[str, Any]:
        keys = [each["key"] for each in self._renditions()]
        stages = [
            _stage(
                AGAIN,
                "route",
                46,
                1,
                0.1,
                decision="deliver",
                rule="approved",
                ruling={"verdict": "approve", "who": "person:1", "name": "clara"},
            ),
            _stage(AGAIN, "deliver", 46, 2, 0.6, delivered=keys),
        ]
        return {
            "run_id": AGAIN, "attempt": 2, "recipe": "remove-watermark@5", "entry": "route", "parent": RUN,
            "started_at": at(46), "ended_at": at(46, 3), "status": "DELIVERED", "code": "approved",
            "reason": "clara approved it.", "rule": "approved", "confidence": 0.71, "stages": stages,
            "renditions": self._renditions(),
            "cost": {"seconds": 0, "dollars": 0.0, "instance": "local", "prices_dated": "2025-11-30"},
        }  # fmt: skip


_CLARA = {"who": "person:1", "name": "clara"}
_TRAIL = [
    {"asset_id": ASSET, "run_id": RUN, "at": at(0, 13), "what": "opened", "by": {"who": "c", "name": "Cleanplate"}},
    {"asset_id": ASSET, "run_id": RUN, "at": at(44), "what": "claimed", "by": _CLARA},
    {"asset_id": ASSET, "run_id": RUN, "at": at(45), "what": "approved", "by": _CLARA, "why": "The caption is ours."},
]
