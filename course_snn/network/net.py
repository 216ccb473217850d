"""Network: the outermost assembly, which is built, run, trained and saved."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import torch

from course_snn import functional
from course_snn.arguments import number
from course_snn.network import saving
from course_snn.network.assembly import Assembly
from course_snn.network.backend import Backend
from course_snn.network.parts import NeuronGroup
from course_snn.network.plan import Plan
from course_snn.network.running import Running
from course_snn.spelling import meant
from course_snn.training import History, Scores, evaluate, fit, rate_cross_entropy

SPAIC_SAYS = {
    "test": "evaluate(data)", "get_aprameters": "parameters()", "get_parameters": "parameters()",
    "set_backend": "build(backend)", "run_time": "set_runtime(…)", "state_dict_load": "state_from_dict(…)",
}  # fmt: skip


class Network(Assembly):
    """An assembly that runs. Parts are attributes, or are made in its ``with`` block:

        class Net(network.Network):                      with network.Network() as net:
            def __init__(self):                              input = network.Encoder(784, "latency")
                super().__init__()                           layer = network.NeuronGroup(10, "clif")
                self.input = network.Encoder(784, …)         link = network.Connection(input, layer)
                …                                            output = network.Decoder(layer)

    ``net(x)`` gives the data to the encoder, runs from rest and returns what the decoder reads. After a change of the
    parts the plan is made anew; ``print(net.plan)`` shows it.

    Args:
        name: what it is called where no variable gives a name.

    Shapes:
        x [N, …] with as many numbers a sample as the encoder has inputs -> [N, n].
    """

    not_settings: ClassVar = {*Assembly.not_settings, "_plan", "_last", "_done", "_runs"}
    fresh: ClassVar = {"_plan": None, "_last": None, "_done": 0}

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name)
        vars(self).update(backend=Backend(), runtime=None, _plan=None, _stepped=False, _last=None, _done=0, _runs=0)

    # ------------------------------------------------------------ build

    def build(self, backend: Backend | None = None, stepped: bool = False) -> Network:
        """Make the plan for this backend, and return the network.

        Args:
            backend: where and how finely to run. stepped: run every group step by step, as the plan is defined.

        Raises:
            ValueError: a loop without delay, a decoder or monitor of a hidden part.
        """
        if backend is not None and not isinstance(backend, Backend):
            raise TypeError(f"build takes a Backend, such as Backend(dt=1.0), got {type(backend).__name__}.")
        vars(self).update(backend=backend or self.backend, _stepped=stepped, _runs=0)
        if self.backend.device is not None:
            self.to(self.backend.device)
        functional.reset_net(self)
        self._make_plan()
        return self

    def _make_plan(self) -> Plan:
        plan = Plan(self, self._stepped)
        for part in self.tree():
            if isinstance(part, NeuronGroup):
                part.set_dt(self.backend.dt)
        for rule in plan.rules.values():
            rule.dt = self.backend.dt
        for learner in plan.learners:
            learner.prepare()
        if plan.learners:
            for optimizer in plan.optimizers:
                optimizer.take(plan.trained())
        vars(self)["_plan"] = plan
        return plan

    @property
    def plan(self) -> Plan:
        """How the network runs, as it is now."""
        return self._plan or self._make_plan()

    # ------------------------------------------------------------ run

    def set_runtime(self, run_time: float) -> None:
        """Let a run last ``run_time`` ms.

        Args:
            run_time: in ms, a multiple of the backend's dt.
        """
        vars(self)["runtime"] = float(number("run_time", run_time, above=0))

    def feed(self, x: Any) -> None:
        """Give the encoder its data; where there are several, a dict of data by their names.

        Args:
            x: data [N, …], or a dict.
        """
        encoders = {self.plan.paths[e]: e for e in self.plan.encoders}
        if not isinstance(x, Mapping):
            if len(encoders) != 1:
                names = ", ".join(encoders) or "no encoder"
                raise ValueError(
                    f"this network has {names}: give the data by name, {{'name': x}}, or call the encoder."
                )
            x = dict.fromkeys(encoders, x)
        for name, data in x.items():
            if name not in encoders:
                raise ValueError(f"no encoder {name!r}.{meant(name, encoders)} There are {', '.join(encoders)}.")
            encoders[name](data)

    def run(self, run_time: float | None = None) -> Any:
        """Run from rest and return what the decoders read: of one decoder its ``predict``, of several a dict.

        Args:
            run_time: in ms; by default that of ``set_runtime``.

        Raises:
            ValueError: no data, no run time, or one that is no multiple of dt.
        """
        functional.reset_net(self)
        return self._go(run_time)

    def run_continue(self, run_time: float | None = None) -> Any:
        """Go on from where the last run ended; records and times go on.

        Args:
            run_time: in ms; by default that of ``set_runtime``.
        """
        return self._go(run_time)

    def _go(self, run_time: float | None) -> Any:
        plan, dt, T = self.plan, self.backend.dt, self.backend.steps(self.runtime if run_time is None else run_time)
        start, goes_on = self._done, self._last is not None
        for c in plan.connections:
            c.confine()
        now = Running(plan, T, dt, self._like(), self._last, learns=self.training)
        vars(self)["_last"] = None  # its other tensors are not needed any more
        with self.backend.drawing(self._runs, self._like().device):
            now.go()
        times = torch.arange(start + 1, start + T + 1) * dt
        for monitor in plan.monitors:
            monitor.see(now.watched(monitor.target, monitor.var), times, goes_on)
        vars(self).update(_last=now, _done=start + T, _runs=self._runs + 1)
        read = {plan.paths[d]: d.read(now.watched(d.target, d.wants)) for d in plan.decoders}
        return read if len(read) > 1 else next(iter(read.values()), None)

    def _like(self) -> torch.Tensor:
        weights = (c.weight for c in self.plan.connections)  # all parameters would be a walk through all parts
        first = next(weights, None)
        return torch.zeros(()) if first is None else first.detach().new_zeros(())

    def forward(self, x: Any) -> Any:
        self.feed(x)
        return self.run()

    def reset(self) -> None:
        """Forget what is on its way; ``functional.reset_net(net)`` resets the neurons too, as ``run`` does."""
        vars(self).update(_last=None, _done=0)

    # ------------------------------------------------------------ train

    def fit(
        self, train: Any, test: Any = None, *, epochs: int, batch_size: int = 100, loss: Callable = rate_cross_entropy,
        validation: Any = "auto", checkpoint: Any = None, resume: bool = False, save_every: float = 0.0, seed: int = 0,
        augment: Callable | None = None, progress: bool = True, writer: Any = None, on_epoch: Callable | None = None,
    ) -> History:  # fmt: skip
        """Train what the learners say with the network's optimiser, and return what happened: ``training.fit``.

        With ``checkpoint`` the state is written after every batch (``save_every`` = 0 s), so that a killed run, started
        again with ``resume=True``, has lost at most one step. Another call goes on with what the optimiser remembers;
        its schedule begins anew.

        Args:
            train, test: data with ``.images`` and ``.labels``, or a pair (x, labels).
            epochs: number of passes. batch_size: samples in one step of learning.
            loss: function (out [1, N, n], labels) of what the decoder reads.
            validation, checkpoint, resume, save_every, seed, augment, progress, writer, on_epoch: as in
                ``training.fit``.

        Raises:
            ValueError: no learner with a gradient, none or several optimisers, several decoders.
        """
        plan = self.plan
        spec = plan.optimizer()
        live = spec.take(plan.trained())
        history = fit(
            self, train, test, epochs=epochs, batch_size=batch_size, loss=loss, validation=validation,
            checkpoint=checkpoint, resume=resume, save_every=save_every, seed=seed, augment=augment,
            progress=progress, writer=writer, on_epoch=on_epoch, run=scored, optimizer=live,
            schedule=None if spec.schedule is None else spec.swing,
        )  # fmt: skip
        for c in plan.connections:
            c.confine()
        return history

    def evaluate(self, data: Any, batch_size: int = 500, loss: Callable = rate_cross_entropy, seed: int = 0) -> Scores:
        """Return loss and accuracy on labelled data, without learning: ``training.evaluate``.

        Args:
            data: with ``.images`` and ``.labels``, or a pair (x, labels).
            batch_size: samples that run at once. loss: as in ``fit``. seed: of random encoders.
        """
        return evaluate(self, data, batch_size=batch_size, loss=loss, run=scored, seed=seed)

    def train(self, mode: bool = True, epochs: int | None = None) -> Network:
        """Set training mode, in which STDP learns, as ``nn.Module.train`` does.

        Args:
            mode: on or off. epochs: of SPAIC's ``train``, which is ``fit`` here.
        """
        if epochs is not None or not isinstance(mode, bool):
            raise TypeError("train(mode) sets training mode, as in torch; to learn call net.fit(data, epochs=…).")
        super().train(mode)
        return self

    # ------------------------------------------------------------ save

    def save(self, filename: str | os.PathLike) -> Path:
        """Write the network with its learners and what its optimiser remembers to one file, and return its path.

        Args:
            filename: ".pt" is added where it has no ending.
        """
        return saving.save(self, filename)

    @staticmethod
    def load(filename: str | os.PathLike) -> Network:
        """Return the network that ``save`` wrote; no code is needed, nor run from the file.

        Args:
            filename: ".pt" is added where it has no ending.

        Raises:
            FileNotFoundError, saving.NetworkFileError: no such file, or one that cannot be used.
        """
        net = Network()
        saving.load(net, filename)
        return net

    def save_state(self, filename: str | os.PathLike) -> Path:
        """Write the weights alone, and return the file's path.

        Args:
            filename: ".pt" is added where it has no ending.
        """
        return saving.save_weights(self, filename)

    def state_from_dict(self, state: Mapping[str, torch.Tensor] | str | os.PathLike) -> None:
        """Take weights: a ``state_dict``, or a file that ``save_state`` or ``save`` wrote.

        Args:
            state: weights by path, or the file.
        """
        self.load_state_dict(state if isinstance(state, Mapping) else saving.weights(state))

    # ------------------------------------------------------------ names

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            if name == "input":  # as in SPAIC, where no part has that name
                return self.feed
            names = [*vars(self).get("_modules", {}), *(n for n in dir(type(self)) if not n.startswith("_"))]
            said = f" Use {SPAIC_SAYS[name]}." if name in SPAIC_SAYS else meant(name, names)
            raise AttributeError(f"{type(self).__name__} has no {name!r}.{said}") from None


def scored(net: Network, x: torch.Tensor) -> torch.Tensor:
    """Return what the decoder of a network reads, as numbers [1, N, n] of which the largest wins.

    Args:
        net: the network. x: data [N, …].
    """
    if len(net.plan.decoders) != 1:
        raise ValueError(f"learning needs one decoder, and this network has {len(net.plan.decoders)}: hide the others.")
    net(x)
    decoder = net.plan.decoders[0]
    if net.training and torch.is_grad_enabled() and not decoder.scores.requires_grad:
        raise ValueError(
            f"decoding {decoder.decoding!r} of {net.plan.paths[decoder]!r} has no gradient, or nothing that it depends "
            "on learns: choose another, such as 'spike_counts'."
        )
    return decoder.scores
