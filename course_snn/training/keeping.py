"""A run as plain numbers, and a run that goes on from them; over a team all take part, and the first writes."""

from __future__ import annotations

from typing import Any

import torch

from course_snn.training.checkpoint import load_weights
from course_snn.training.history import History
from course_snn.training.team import Team


def state_of(run: Any) -> dict:
    """Return where a run stands; every process must call it, and the first gets all of it."""
    team, net, average = run.team, run.forward.through, run.average
    return {
        "epoch": run.epoch,
        "batch": run.batch,
        "losses": team.total(run.losses[: run.batch]),
        "sizes": run.sizes,
        "right": team.total(run.right),
        "seen": int(team.total(torch.tensor(run.seen, device=run.device))),
        "seconds": run.seconds() if run.batch else 0.0,
        "lr": run.lr,
        "rows": [list(row) for row in run.history.epochs],
        "top5": [list(row) for row in run.history.top5],
        "random": {
            "cpu": _of_all(torch.get_rng_state(), team, run.device),
            "cuda": _of_all(torch.cuda.get_rng_state(run.device), team, run.device)
            if run.device.type == "cuda"
            else None,
        },
        "net": team.weights(net),
        "optimizer": team.optimizer_state(net, run.optimizer),
        "schedule": None if run.schedule is None else run.schedule.state_dict(),
        "scaler": run.step.scaler.state_dict(),
        "average": None if average is None else team.weights(average.module),
        "averaged": 0 if average is None else int(average.n_averaged),
    }


def restore(run: Any, state: dict) -> None:
    """Stand where the run stood when ``state`` was written; every process must call it with the same state."""
    team, net = run.team, run.forward.through
    load_weights(run.forward.net, state, put=lambda weights: team.load_weights(net, weights))
    team.load_optimizer(net, run.optimizer, state["optimizer"])
    if run.schedule is not None:
        run.schedule.load_state_dict(state["schedule"])
    run.step.scaler.load_state_dict(state["scaler"])
    if run.average is not None:
        team.load_weights(run.average.module, state["average"])
        run.average.n_averaged.fill_(state["averaged"])
    run.history = History(state["rows"], top5=state.get("top5"))
    run.begin_epoch(state["epoch"])
    run.batch, run.lr, run.before, run.sizes = state["batch"], state["lr"], state["seconds"], state["sizes"]
    run.random = {name: _of_one(value, team) for name, value in state["random"].items()}
    if team.first:  # sums over the team: the others go on from 0
        run.losses[: run.batch] = state["losses"]
        run.right += state["right"].to(run.device)
        run.seen = state.get("seen", sum(state["sizes"]))


def _of_all(state: torch.Tensor, team: Team, device: torch.device) -> torch.Tensor:
    """Return the state of a generator in each process, a row for each; alone as it is."""
    if team.size == 1:
        return state
    rows = torch.zeros(team.size, len(state), dtype=state.dtype, device=device)
    rows[team.rank] = state.to(device)
    return team.total(rows).cpu()


def _of_one(states: torch.Tensor | None, team: Team) -> torch.Tensor | None:
    """Return this process's; None if the run had fewer processes when it was written."""
    if states is None:
        return None
    rows = states if states.dim() == 2 else states[None]
    return rows[team.rank].clone() if team.rank < len(rows) else None  # torch crashes on a view of one
