"""What a load would cost, from what is known, and honest about what hosts do not tell."""

from __future__ import annotations

from boocontrol.core.api import Host, LoadedModel
from boocontrol.core.catalog import ModelState
from boocontrol.core.control import LoadPreview, PushedOut
from boocontrol.core.refs import ModelRef
from boocontrol.gateway.control.models_guard import cut_by
from boocontrol.gateway.control.services import Services


def preview(ref: ModelRef, services: Services) -> LoadPreview:
    """What loading this model would do now."""
    host = services.fleet.host(ref.provider)
    real = ModelRef(ref.provider, services.fleet.real_name(ref.provider, ref.model))
    state = state_of(real, host)
    usual, samples = services.usual(str(real))
    out: tuple[PushedOut, ...] = ()
    if state not in ("ready", "starting"):
        out = tuple(_pushed(m, real, services) for m in others(real, host, services))
    queue = services.actions.ahead(ref)
    tells = host.state in ("up", "busy", "degraded")
    return LoadPreview(
        ref=str(ref),
        state=state,
        unloads=out,
        usual_load_s=usual,
        load_samples=samples,
        queue=queue,
        certain=tells and not queue and all(p.certain for p in out),
        words=tuple(_words(real, state, host, out, usual, samples, queue)),
    )


def state_of(ref: ModelRef, host: Host) -> ModelState:
    """The state of a model on its host."""
    if host.state not in ("up", "busy", "degraded"):
        return "unknown"
    return next((m.state for m in host.loaded if m.ref == str(ref)), "stopped")


def others(ref: ModelRef, host: Host, services: Services) -> list[LoadedModel]:
    """Models in memory beside which this one was never seen."""
    here = (m for m in host.loaded if m.ref != str(ref) and m.state in ("ready", "starting"))
    return [m for m in here if services.beside.tells(str(ref), m.ref) != "beside"]


def _pushed(model: LoadedModel, by: ModelRef, services: Services) -> PushedOut:
    provider_id, _, wire_id = model.ref.partition("/")
    running = cut_by([(provider_id, wire_id)], services)
    sure = services.beside.tells(str(by), model.ref) == "pushed"
    return PushedOut(ref=model.ref, state=model.state, in_flight=len(running), certain=sure)


def _words(
    ref: ModelRef,
    state: ModelState,
    host: Host,
    out: tuple[PushedOut, ...],
    usual: float | None,
    samples: int,
    queue: int,
) -> list[str]:
    if state in ("ready", "starting"):
        return [f"{ref} is {'in memory already' if state == 'ready' else 'loading already'}; nothing else changes."]
    words = []
    if state == "unknown":
        words.append(f"{host.id} does not answer now, so nothing is known of its memory.")
    for pushed in out:
        words.append(
            f"It pushes out {pushed.ref}, as it did before."
            if pushed.certain
            else f"It may push out {pushed.ref}: llama-swap does not tell which models may stand side by side."
        )
        if pushed.in_flight:
            count = "One request runs" if pushed.in_flight == 1 else f"{pushed.in_flight} requests run"
            words.append(f"{count} on {pushed.ref}; llama-swap lets them end before it swaps.")
    if queue:
        words.append(f"{queue} {'load comes' if queue == 1 else 'loads come'} first on {host.id}.")
    if usual is None:
        words.append("How long it takes is not known yet.")
    else:
        words.append(f"It usually takes {usual:.0f} s ({samples} {'load' if samples == 1 else 'loads'} seen).")
    return words
