"""Two layers whose voltages and gradients SPAIC 0.6.3 gave (one step of delay on each connection), by both ways."""

import torch
from together import each_of
from torch import nn

from course_snn import functional, surrogate
from course_snn.neuron import CLIFNode, DeltaLIFNode, IFNode


class SpaicSTBP(surrogate.Surrogate):
    """SPAIC's own: exp(-x²/2a) / (2πa), with a = 0.5; the paper's has the root of that factor."""

    def slope(self, x):
        return torch.exp(-x * x) / torch.pi


def numbers(text: str) -> torch.Tensor:
    return torch.tensor([[float(number) for number in row.split()] for row in text.split("/")])


def trains(text: str) -> torch.Tensor:
    """Spikes [T, 1, n] from a row of digits for each neuron."""
    return torch.tensor([[float(digit) for digit in row.strip()] for row in text.split("/")]).T[:, None]


SPIKES = trains("101101011011/011011101101/110100110110")
WEIGHTS = numbers(".81 .62 .43/-.52 .93 .74"), numbers(".94 .53/-.41 1.27")
SLOPES = {"STCA": surrogate.BilinearLeakyReLU(1.0, 0.0, 0.5), "STBP": SpaicSTBP()}
NODES = {
    "if": (lambda **kw: IFNode(**kw, detach_reset=True), 1.0),
    "lif": (lambda **kw: DeltaLIFNode(**kw, detach_reset=True), 1.0),
    "clif, V0 = 1": (lambda **kw: CLIFNode(V0=1.0, **kw), 6.0),  # and weights six times as large
    "clif": (CLIFNode, 1.0),
}
COUNTS = {"if": [6, 1], "lif": [6, 1], "clif, V0 = 1": [4, 0], "clif": [4, 1]}
GRADIENTS = {
    ("if", "STCA"): ("4.05 6.135 5.195/-2.54 -1.27 -1.27", "6 4/-5 -2.5"),
    ("lif", "STCA"): ("3.64697 5.69382 4.7586/-2.09548 -1.11416 -1.11314", "6 3.8825/-3.56953 -2.00068"),
    ("clif, V0 = 1", "STCA"): (
        ".40186 .37906 .40342/-.02507 -.02526 -.02399", ".59387 .29435/-.28244 -.14159",
    ),
    ("clif", "STCA"): (".60003 .42095 .78397/-1.31406 -1.25799 -1.24668", ".71029 .45685/-1.98778 -1.22866"),
    ("if", "STBP"): (".67165 .74134 .6938/-.73027 -.50947 -.50716", "2.39128 1.06447/-2.85644 -1.25159"),
    ("lif", "STBP"): (".6485 .72179 .65395/-.47604 -.36513 -.33995", "2.50506 1.06235/-2.25687 -1.06317"),
    ("clif, V0 = 1", "STBP"): (
        ".13431 .11483 .14198/-.00297 -.00314 -.00265", ".34245 .16237/-.14864 -.07166",
    ),
    ("clif", "STBP"): (".62712 .50016 .69218/-.20506 -.18221 -.21148", "1.57569 .96109/-1.09266 -.6648"),
}  # fmt: skip


def late(x: torch.Tensor) -> torch.Tensor:
    """A connection takes one step."""
    return torch.cat([torch.zeros_like(x[:1]), x[:-1]])


def layers(model: str, slope: str = "STCA") -> tuple[list[nn.Parameter], list]:
    make, factor = NODES[model]
    return [nn.Parameter(factor * weight) for weight in WEIGHTS], [make(surrogate=SLOPES[slope]) for _ in WEIGHTS]


@each_of("way", [functional.unroll, functional.stepped])
@each_of(("model", "slope"), GRADIENTS)
def test_counts_and_gradients(model, slope, way):
    (first, second), (one, two) = layers(model, slope)
    counts = way(two, late(way(one, late(SPIKES) @ first.T)) @ second.T).sum((0, 1))
    assert counts.tolist() == COUNTS[model]
    gradients = torch.autograd.grad(counts[0] - 0.5 * counts[1], (first, second))
    for gradient, expected in zip(gradients, GRADIENTS[model, slope], strict=True):
        torch.testing.assert_close(gradient, numbers(expected), rtol=0, atol=6e-6)


# model: for each layer the spikes and the voltages after the reset; None: not known
VOLTAGES = {
    "if": [("", "0 0 0 0 0 .62 0 0 0 0 0 0/0 .22 0 .41 .63 0 .41 0 .22 .63 0 .22")],
    "lif": [
        (
            "011110111111/001001010010",
            "0 0 0 0 0 .62 0 0 0 0 0 0/0 .22 0 .41 .58182 0 .41 0 .22 .60415 0 .22",
        ),
        (
            "000101011011/000000001000",
            "0 0 .94 0 .94 0 .53 0 0 .94 0 0/"
            "0 0 -.41 .49818 .02964 -.38384 .93126 .41183 0 -.41 -.77182 .17887",
        ),
    ],
    "clif, V0 = 1": [
        (
            "000011111111/000001011011",
            "0 0 .27935 .74009 1.42939 1.25498 1.09257 1.12177 1.21861 1.41033 1.71826 2.03027/"
            "0 0 .04956 .46557 .89133 1.27821 .78983 1.32956 1.12938 .85507 1.56391 1.49496",
        ),
        ("000000001111/000000000000", "0 0 0 0 0 0 .21177 .71289 1.32484 1.14042 1.16246 1.23037"),
    ],
}  # fmt: skip


@each_of("model", VOLTAGES)
def test_spikes_and_voltages_of_every_step(model):
    weights, nodes = layers(model)
    x = SPIKES
    for weight, node, (spikes, volts) in zip(weights, nodes, VOLTAGES[model], strict=False):
        steps = [(node(now), node.v) for now in late(x) @ weight.detach().T]
        x, v = (torch.stack(series) for series in zip(*steps, strict=True))
        assert not spikes or torch.equal(x, trains(spikes))
        known = numbers(volts).T
        torch.testing.assert_close(v[:, 0, : known.shape[1]], known, rtol=0, atol=6e-6)
