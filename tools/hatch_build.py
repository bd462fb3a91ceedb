"""Puts the templates and the bundled front end into the wheel, as `builder/_data`."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataHook(BuildHookInterface):  # type: ignore[type-arg]  # its argument is the builder's settings, unused here
    """Adds templates/ and static/dist/ to a wheel; an editable install reads both in place."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fill `force_include`; raise FileNotFoundError where the front end is not bundled."""
        if version == "editable":
            return
        root = Path(self.root)
        manifest = root / "static" / "dist" / "manifest.json"
        if not manifest.is_file():
            message = f"{manifest} not found: run `make bundle` before building the wheel"
            raise FileNotFoundError(message)
        build_data["force_include"] |= {
            str(root / "templates"): "builder/_data/templates",
            str(manifest.parent): "builder/_data/static",
        }
