"""Shapes of control: what a load would cost, cancelling one, scenes, and what a change of many models would do."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic_core import PydanticCustomError

from boocontrol.core.api import QueuedLoad as QueuedLoad
from boocontrol.core.api import RequestInFlight
from boocontrol.core.catalog import ModelState
from boocontrol.core.values import CamelValue, Value

RefText = Annotated[str, Field(min_length=1, max_length=1024)]
SceneName = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
MOST_IN_SCENE = 64


class Scene(Value):
    """One entry of the setting `scenes`: models that are wanted together, under a name."""

    model_config = ConfigDict(extra="forbid")

    name: SceneName
    models: Annotated[tuple[RefText, ...], Field(max_length=MOST_IN_SCENE)]
    only: bool = Field(False, description="Other models of these hosts are unloaded.")


def distinct(scenes: tuple[Scene, ...]) -> tuple[Scene, ...]:
    """The scenes, none of which has the name of another."""
    names = [scene.name for scene in scenes]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise PydanticCustomError("scene_name", "two scenes are called {name}", {"name": repr(twice)})
    return scenes


class PushedOut(CamelValue):
    """A model that a load would push out of memory. Not certain: the host does not tell what may stand side by side."""

    ref: str
    state: ModelState
    in_flight: int | None = Field(None, description="Requests that run on it; null is unknown.")
    certain: bool = False


class LoadPreview(CamelValue):
    """GET /api/models/preview?ref=: what loading a model would cost, as far as anything here can know."""

    ref: str
    state: ModelState
    unloads: tuple[PushedOut, ...] = ()
    usual_load_s: float | None = Field(None, description="The median of its last cold loads; null is unknown.")
    load_samples: int = Field(0, description="How many loads that median is made of.")
    queue: int = Field(0, description="Loads of this host that come before it.")
    certain: bool = Field(description="False while what would happen to another model is only likely.")
    words: tuple[str, ...] = Field((), description="The same, in sentences.")


class CancelLoad(CamelValue):
    """POST /api/models/cancel: the model whose load is to end."""

    model_config = ConfigDict(extra="forbid")

    ref: RefText
    force: bool = Field(False, description="Even if it ends requests that wait for this model.")


class SceneRequest(CamelValue):
    """POST /api/scenes/preview and apply: a scene by name, or what would be in one."""

    model_config = ConfigDict(extra="forbid")

    name: SceneName | None = None
    models: Annotated[tuple[RefText, ...], Field(max_length=MOST_IN_SCENE)] | None = None
    only: bool | None = Field(None, description="Unload other models of these hosts; null is what the scene says.")
    hosts: Annotated[tuple[RefText, ...], Field(max_length=MOST_IN_SCENE)] = Field(
        (), description="Ids of hosts that `only` clears beside those of the models; an undo names them."
    )
    force: bool = Field(False, description="Even if it cuts running requests. A preview does not look at it.")


class ScenePlan(CamelValue):
    """What applying a scene does. `busy` are the running requests that it would cut."""

    load: tuple[str, ...] = ()
    unload: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    busy: tuple[RequestInFlight, ...] = ()
    words: tuple[str, ...] = ()


class SceneUndo(CamelValue):
    """A body for POST /api/scenes/apply that leads back to what was loaded before."""

    models: tuple[str, ...]
    only: bool = True
    hosts: tuple[str, ...] = ()


class SceneApplied(CamelValue):
    """202: what was asked, and how to undo it."""

    plan: ScenePlan
    undo: SceneUndo
