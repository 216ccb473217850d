# %% 10.or_pool wrong: AND in place of OR
def or_pool(spikes):
    return spikes[:, ::2, ::2] & spikes[:, 1::2, ::2] & spikes[:, ::2, 1::2] & spikes[:, 1::2, 1::2]

# %% 10.or_pool wrong: exclusive or, so that two spikes cancel
def or_pool(spikes):
    return spikes[:, ::2, ::2] ^ spikes[:, 1::2, ::2] ^ spikes[:, ::2, 1::2] ^ spikes[:, 1::2, 1::2]

# %% 10.or_pool wrong: average pooling, which gives fractions
def or_pool(spikes):
    return F.avg_pool2d(spikes.float(), 2)

# %% 10.or_pool wrong: the count of spikes in the square
def or_pool(spikes):
    C, H, W = spikes.shape
    return spikes.reshape(C, H // 2, 2, W // 2, 2).sum((2, 4))

# %% 10.or_pool wrong: a majority vote of the four
def or_pool(spikes):
    return F.avg_pool2d(spikes.float(), 2) > 0.5

# %% 10.or_pool wrong: four pixels in a row, not a square
def or_pool(spikes):
    C, H, W = spikes.shape
    return spikes.reshape(C, H // 2, W // 2, 4).any(3)

# %% 10.or_pool wrong: the wrong axes are reduced
def or_pool(spikes):
    C, H, W = spikes.shape
    return spikes.reshape(C, H // 2, 2, W // 2, 2).any(1).any(2)

# %% 10.or_pool wrong: only the rows are paired, the width stays
def or_pool(spikes):
    return spikes[:, ::2, :] | spikes[:, 1::2, :]

# %% 10.or_pool wrong: only the diagonal of each square is looked at
def or_pool(spikes):
    return spikes[:, ::2, ::2] | spikes[:, 1::2, 1::2]

# %% 10.or_pool wrong: only the first pixel of each square is looked at
def or_pool(spikes):
    return spikes[:, ::2, ::2]

# %% 10.or_pool wrong: the halves of the picture are laid on each other
def or_pool(spikes):
    H, W = spikes.shape[1:]
    s = spikes[:, : H // 2] | spikes[:, H // 2 :]
    return s[:, :, : W // 2] | s[:, :, W // 2 :]

# %% 10.or_pool wrong: windows overlap (stride 1)
def or_pool(spikes):
    return F.max_pool2d(spikes.float(), 2, stride=1).bool()

# %% 10.or_pool wrong: channels are merged as well
def or_pool(spikes):
    C, H, W = spikes.shape
    return spikes.reshape(C, H // 2, 2, W // 2, 2).any(4).any(2).any(0)

# %% 10.or_pool wrong: works for square pictures only
def or_pool(spikes):
    C, H, _ = spikes.shape
    return spikes.reshape(C, H // 2, 2, H // 2, 2).any(4).any(2)

# %% 10.or_pool wrong: max_pool2d does not take booleans
def or_pool(spikes):
    return F.max_pool2d(spikes, 2)

# %% 10.or_pool wrong: Python's or does not work on tensors
def or_pool(spikes):
    return spikes[:, ::2, ::2] or spikes[:, 1::2, ::2] or spikes[:, ::2, 1::2] or spikes[:, 1::2, 1::2]

# %% 10.or_pool wrong: the last row and column of squares stay empty
def or_pool(spikes):
    C, H, W = spikes.shape
    pooled = torch.zeros(C, H // 2, W // 2, dtype=torch.bool)
    for i in range(H // 2 - 1):
        for j in range(W // 2 - 1):
            pooled[:, i, j] = spikes[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].flatten(1).any(1)
    return pooled

# %% 10.or_pool wrong: nothing is returned
def or_pool(spikes):
    pooled = spikes[:, ::2, ::2] | spikes[:, 1::2, ::2] | spikes[:, ::2, 1::2] | spikes[:, 1::2, 1::2]

# %% 10.or_pool wrong: the spikes given are changed in place
def or_pool(spikes):
    pooled = spikes[:, ::2, ::2]
    pooled |= spikes[:, 1::2, ::2]
    pooled |= spikes[:, ::2, 1::2]
    pooled |= spikes[:, 1::2, 1::2]
    return pooled

# %% 10.or_pool right: four slices
def or_pool(spikes):
    return spikes[:, ::2, ::2] | spikes[:, 1::2, ::2] | spikes[:, ::2, 1::2] | spikes[:, 1::2, 1::2]

# %% 10.or_pool right: rows first, then columns
def or_pool(spikes):
    rows = spikes[:, 0::2] | spikes[:, 1::2]
    return rows[..., 0::2] | rows[..., 1::2]

# %% 10.or_pool right: reshape and any
def or_pool(spikes):
    C, H, W = spikes.shape
    return spikes.reshape(C, H // 2, 2, W // 2, 2).any(4).any(2)

# %% 10.or_pool right: max pooling of floats, back to bool
def or_pool(spikes):
    return F.max_pool2d(spikes.float(), 2) > 0

# %% 10.or_pool right: De Morgan
def or_pool(spikes):
    quiet = ~spikes
    return ~(quiet[:, ::2, ::2] & quiet[:, 1::2, ::2] & quiet[:, ::2, 1::2] & quiet[:, 1::2, 1::2])

# %% 10.or_pool right: plain loops
def or_pool(spikes):
    C, H, W = spikes.shape
    pooled = torch.zeros(C, H // 2, W // 2, dtype=torch.bool)
    for c in range(C):
        for i in range(H):
            for j in range(W):
                if spikes[c, i, j]:
                    pooled[c, i // 2, j // 2] = True
    return pooled

# %% 10.or_pool right: numpy and back
import numpy as np


def or_pool(spikes):
    s = spikes.numpy()
    return torch.from_numpy(np.logical_or.reduce([s[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]))

# %% 10.or_pool right: unfold
def or_pool(spikes):
    return spikes.unfold(1, 2, 2).unfold(2, 2, 2).flatten(3).any(dim=3)

# %% 10.or_pool right: 0.0 and 1.0
def or_pool(spikes):
    return F.max_pool2d(spikes.float(), 2)

# %% 10.or_pool right: a numpy array comes back
def or_pool(spikes):
    s = spikes.numpy()
    return s[:, ::2, ::2] | s[:, 1::2, ::2] | s[:, ::2, 1::2] | s[:, 1::2, 1::2]

# %% 10.or_pool wrong: two spikes at least
def or_pool(spikes):
    four = torch.stack([spikes[:, i::2, j::2] for i in (0, 1) for j in (0, 1)])
    return four.sum(0) > 1

# %% 10.or_pool wrong: rows and columns of the result change places
def or_pool(spikes):
    rows = spikes[:, 0::2] | spikes[:, 1::2]
    return (rows[..., 0::2] | rows[..., 1::2]).transpose(1, 2)

# %% 10.or_pool wrong: only the columns are paired
def or_pool(spikes):
    return spikes[..., 0::2] | spikes[..., 1::2]

# %% 10.or_pool wrong: the answer for the first channel alone
def or_pool(spikes):
    s = spikes[0]
    return s[::2, ::2] | s[1::2, ::2] | s[::2, 1::2] | s[1::2, 1::2]

# %% 10.or_pool right: a nested list of 0 and 1
def or_pool(spikes):
    C, H, W = spikes.shape
    return [
        [[int(spikes[c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].any()) for j in range(W // 2)] for i in range(H // 2)]
        for c in range(C)
    ]

# %% 10.mended_loss wrong: log_softmax is still there
def mended_loss(out, labels):
    return F.mse_loss(F.log_softmax(out.mean(0), dim=1), F.one_hot(labels, 10).float())

# %% 10.mended_loss wrong: softmax in place of log_softmax
def mended_loss(out, labels):
    return F.mse_loss(F.softmax(out.mean(0), dim=1), F.one_hot(labels, 10).float())

# %% 10.mended_loss wrong: the sum over time, not the rate
def mended_loss(out, labels):
    return F.mse_loss(out.sum(0), F.one_hot(labels, 10).float())

# %% 10.mended_loss wrong: the sum of squares, not the mean
def mended_loss(out, labels):
    return F.mse_loss(out.mean(0), F.one_hot(labels, 10).float(), reduction="sum")

# %% 10.mended_loss wrong: the sum over the classes, the mean over samples only
def mended_loss(out, labels):
    return (out.mean(0) - F.one_hot(labels, 10)).pow(2).sum(1).mean()

# %% 10.mended_loss wrong: absolute error
def mended_loss(out, labels):
    return F.l1_loss(out.mean(0), F.one_hot(labels, 10).float())

# %% 10.mended_loss wrong: cross-entropy
def mended_loss(out, labels):
    return F.cross_entropy(out.mean(0), labels)

# %% 10.mended_loss wrong: the square root of it
def mended_loss(out, labels):
    return F.mse_loss(out.mean(0), F.one_hot(labels, 10).float()).sqrt()

# %% 10.mended_loss wrong: the error is squared in each step before the mean over time
def mended_loss(out, labels):
    return (out - F.one_hot(labels, 10)).pow(2).mean()

# %% 10.mended_loss wrong: the mean is taken over the batch
def mended_loss(out, labels):
    return (out.mean(1) - F.one_hot(labels, 10).float()).pow(2).mean()

# %% 10.mended_loss wrong: a matrix, nothing is averaged
def mended_loss(out, labels):
    return (out.mean(0) - F.one_hot(labels, 10)) ** 2

# %% 10.mended_loss wrong: one_hot guesses the number of classes
def mended_loss(out, labels):
    return F.mse_loss(out.mean(0), F.one_hot(labels).float())

# %% 10.mended_loss wrong: compares class numbers
def mended_loss(out, labels):
    return F.mse_loss(out.mean(0).argmax(1).float(), labels.float())

# %% 10.mended_loss wrong: the number of steps is taken to be 4
def mended_loss(out, labels):
    return F.mse_loss(out.sum(0) / 4, F.one_hot(labels, 10).float())

# %% 10.mended_loss wrong: only the last step counts
def mended_loss(out, labels):
    return F.mse_loss(out[-1], F.one_hot(labels, 10).float())

# %% 10.mended_loss wrong: only the right class counts
def mended_loss(out, labels):
    rate = out.mean(0)
    return (1 - rate[torch.arange(len(labels)), labels]).pow(2).mean()

# %% 10.mended_loss wrong: rates are divided by the largest of them
def mended_loss(out, labels):
    rate = out.mean(0)
    return F.mse_loss(rate / rate.max(), F.one_hot(labels, 10).float())

# %% 10.mended_loss wrong: half the mean squared error
def mended_loss(out, labels):
    return 0.5 * F.mse_loss(out.mean(0), F.one_hot(labels, 10).float())

# %% 10.mended_loss wrong: computed, not returned
def mended_loss(out, labels):
    loss = F.mse_loss(out.mean(0), F.one_hot(labels, 10).float())

# %% 10.mended_loss right: mse_loss
def mended_loss(out, labels):
    rates = out.float().mean(0)
    return F.mse_loss(rates, F.one_hot(labels, 10).float())

# %% 10.mended_loss right: squares by hand
def mended_loss(out, labels):
    return (out.float().mean(dim=0) - F.one_hot(labels, num_classes=10)).square().mean()

# %% 10.mended_loss right: rows of the identity
def mended_loss(out, labels):
    return nn.MSELoss()(out.float().mean(0), torch.eye(10)[labels])

# %% 10.mended_loss right: the loss of the library
def mended_loss(out, labels):
    return training.rate_mse(out, labels)

# %% 10.mended_loss right: 1 - 2 r + sum of squares
def mended_loss(out, labels):
    rates = out.float().sum(0) / out.shape[0]
    right = rates.gather(1, labels[:, None])[:, 0]
    return (rates.pow(2).sum(1) - 2 * right + 1).mean() / 10

# %% 10.mended_loss right: plain loops, a tensor in float64
def mended_loss(out, labels):
    T, N, C = out.shape
    total = torch.zeros((), dtype=torch.float64)
    for n in range(N):
        for c in range(C):
            rate = sum(out[t, n, c].double() for t in range(T)) / T
            total = total + (rate - (1.0 if labels[n] == c else 0.0)) ** 2
    return total / (N * C)

# %% 10.mended_loss right: out is a float tensor
def mended_loss(out, labels):
    return F.mse_loss(out.mean(0), F.one_hot(labels, 10).float())

# %% 10.mended_loss wrong: item() cuts off the gradient
def mended_loss(out, labels):
    return F.mse_loss(out.float().mean(0), F.one_hot(labels, 10).float()).item()

# %% 10.mended_loss wrong: the labels are rated against a target of one tenth
def mended_loss(out, labels):
    return F.mse_loss(out.mean(0), 0.1 + 0.9 * F.one_hot(labels, 10).float())

# %% 10.mended_loss wrong: detached
def mended_loss(out, labels):
    return F.mse_loss(out.detach().mean(0), F.one_hot(labels, 10).float())

# %% 10.mended_loss wrong: spikes counted in whole numbers
def mended_loss(out, labels):
    return F.mse_loss((out.mean(0) > 0.5).float(), F.one_hot(labels, 10).float())

# %% 10.mended_loss wrong: sigmoid before the comparison
def mended_loss(out, labels):
    return F.mse_loss(torch.sigmoid(out.mean(0)), F.one_hot(labels, 10).float())

# %% 10.mended_loss right: a matrix product for the mean, scatter for the target
def mended_loss(out, labels):
    T, N, C = out.shape
    target = torch.zeros(N, C).scatter_(1, labels[:, None], 1.0)
    rate = (torch.full((1, T), 1 / T) @ out.reshape(T, N * C)).reshape(N, C)
    return torch.dist(rate, target) ** 2 / (N * C)

# %% 10.mend_a wrong: the name of another fault
def mend_a(net):
    fault = "vanishing"
    net[6].v_threshold = 1.0
    return fault, net

# %% 10.mend_a wrong: the opposite fault
def mend_a(net):
    fault = "saturated"
    net[6].v_threshold = 1.0
    return fault, net

# %% 10.mend_a wrong: the name in Chinese
def mend_a(net):
    fault = "沉默"
    net[6].v_threshold = 1.0
    return fault, net

# %% 10.mend_a wrong: the name begins with a capital
def mend_a(net):
    fault = "Silent"
    net[6].v_threshold = 1.0
    return fault, net

# %% 10.mend_a wrong: the first layer is changed, which is healthy
def mend_a(net):
    fault = "silent"
    net[2].v_threshold = 0.5
    return fault, net

# %% 10.mend_a wrong: a layer that merely follows is changed
def mend_a(net):
    fault = "silent"
    net[11].v_threshold = 0.5
    return fault, net

# %% 10.mend_a wrong: the threshold is still out of reach
def mend_a(net):
    fault = "silent"
    net[6].v_threshold = 15.0
    return fault, net

# %% 10.mend_a wrong: a threshold so low that the layer saturates
def mend_a(net):
    fault = "silent"
    net[6].v_threshold = -10.0
    return fault, net

# %% 10.mend_a wrong: fault named, nothing mended
def mend_a(net):
    fault = "silent"
    return fault, net

# %% 10.mend_a wrong: compared, not assigned
def mend_a(net):
    fault = "silent"
    net[6].v_threshold == 1.0
    return fault, net

# %% 10.mend_a wrong: an attribute of another name
def mend_a(net):
    fault = "silent"
    net[6].threshold = 1.0
    return fault, net

# %% 10.mend_a wrong: only a variable changes, not the layer
def mend_a(net):
    fault = "silent"
    threshold = net[6].v_threshold
    threshold = 1.0
    return fault, net

# %% 10.mend_a wrong: network and name change places
def mend_a(net):
    fault = "silent"
    net[6].v_threshold = 1.0
    return net, fault

# %% 10.mend_a wrong: only the network comes back
def mend_a(net):
    net[6].v_threshold = 1.0
    return net

# %% 10.mend_a wrong: only the name comes back
def mend_a(net):
    net[6].v_threshold = 1.0
    return "silent"

# %% 10.mend_a wrong: a copy is mended, the patient returned
import copy


def mend_a(net):
    cured = copy.deepcopy(net)
    cured[6].v_threshold = 1.0
    return "silent", net

# %% 10.mend_a wrong: the pooling layer is taken for the neurons
def mend_a(net):
    fault = "silent"
    net[7].v_threshold = 1.0
    return fault, net

# %% 10.mend_a wrong: the dots are still there for the name
def mend_a(net):
    fault = ...
    net[6].v_threshold = 1.0
    return fault, net

# %% 10.mend_a right: the threshold put right
def mend_a(net):
    fault = "silent"
    net[6].v_threshold = 1.0
    return fault, net

# %% 10.mend_a right: all neurons get the usual threshold
def mend_a(net):
    for module in net:
        if isinstance(module, (neuron.IFNode, neuron.LIFNode)):
            module.v_threshold = 1.0
    return ("silent", net)

# %% 10.mend_a right: a new layer of neurons, and a list
def mend_a(net):
    net[6] = neuron.IFNode(surrogate=surrogate.ATan())
    return ["silent", net]

# %% 10.mend_a right: the threshold of a healthy neighbour
def mend_a(net):
    setattr(net.get_submodule("6"), "v_threshold", net[2].v_threshold)
    return "silent", net

# %% 10.mend_a right: on a copy
import copy


def mend_a(net):
    cured = copy.deepcopy(net)
    cured[6].v_threshold = 1
    return "silent", cured

# %% 10.mend_a right: another threshold that lets it fire
def mend_a(net):
    fault = "silent"
    net[6].v_threshold = 0.8
    return fault, net

# %% 10.mend_a wrong: ReLU in place of the neurons
def mend_a(net):
    net[6] = nn.ReLU()
    return "silent", net

# %% 10.mend_a right: a larger current in place of a lower threshold
def mend_a(net):
    fault = "silent"
    with torch.no_grad():
        net[5].weight.mul_(20)
        net[5].bias.mul_(20)
    return fault, net

# %% 10.mend_a right: a quarter of the usual threshold
def mend_a(net):
    fault = "silent"
    net[6].v_threshold = 0.25
    return fault, net

# %% 10.mend_a wrong: both names of the report
def mend_a(net):
    net[6].v_threshold = 1.0
    return "healthy", net

# %% 10.mend_a wrong: the layer is made anew with the threshold it had
def mend_a(net):
    net[6] = neuron.IFNode(v_threshold=20.0, surrogate=surrogate.ATan())
    return "silent", net

# %% 10.mend_a wrong: the layer comes back alone
def mend_a(net):
    net[6].v_threshold = 1.0
    return "silent", net[6]

# %% 10.mend_a wrong: a dictionary
def mend_a(net):
    net[6].v_threshold = 1.0
    return {"fault": "silent", "net": net}

# %% 10.mend_a right: a healthy network that has nothing of the patient
def mend_a(net):
    from course_snn.course import patients

    return "silent", patients.healthy()

# %% 10.mend_b wrong: takes it for silent
def mend_b(net):
    fault = "silent"
    net[11].surrogate = surrogate.ATan()
    return fault, net

# %% 10.mend_b wrong: takes it for saturated
def mend_b(net):
    fault = "saturated"
    net[11].surrogate = surrogate.ATan()
    return fault, net

# %% 10.mend_b wrong: a name of more words
def mend_b(net):
    fault = "vanishing gradient"
    net[11].surrogate = surrogate.ATan()
    return fault, net

# %% 10.mend_b wrong: the surrogate of a healthy layer is replaced
def mend_b(net):
    fault = "vanishing"
    net[6].surrogate = surrogate.ATan()
    return fault, net

# %% 10.mend_b wrong: the last layer is treated
def mend_b(net):
    fault = "vanishing"
    net[14].surrogate = surrogate.ATan()
    return fault, net

# %% 10.mend_b wrong: the attribute has SpikingJelly's name
def mend_b(net):
    fault = "vanishing"
    net[11].surrogate_function = surrogate.ATan()
    return fault, net

# %% 10.mend_b wrong: a rectangle has no alpha
def mend_b(net):
    fault = "vanishing"
    net[11].surrogate.alpha = 2.0
    return fault, net

# %% 10.mend_b wrong: even narrower
def mend_b(net):
    fault = "vanishing"
    net[11].surrogate.width = 1e-6
    return fault, net

# %% 10.mend_b wrong: another rectangle as narrow as before
def mend_b(net):
    fault = "vanishing"
    net[11].surrogate = surrogate.Rectangle(1e-5)
    return fault, net

# %% 10.mend_b wrong: the threshold is lowered
def mend_b(net):
    fault = "vanishing"
    net[11].v_threshold = 0.5
    return fault, net

# %% 10.mend_b wrong: larger weights instead
def mend_b(net):
    fault = "vanishing"
    with torch.no_grad():
        net[9].weight.mul_(10)
    return fault, net

# %% 10.mend_b wrong: made, not put in
def mend_b(net):
    fault = "vanishing"
    atan = surrogate.ATan()
    return fault, net

# %% 10.mend_b wrong: the class, not an instance
def mend_b(net):
    fault = "vanishing"
    net[11].surrogate = surrogate.ATan
    return fault, net

# %% 10.mend_b wrong: network and name change places
def mend_b(net):
    net[11].surrogate = surrogate.ATan()
    return net, "vanishing"

# %% 10.mend_b wrong: only the network comes back
def mend_b(net):
    fault = "vanishing"
    net[11].surrogate = surrogate.ATan()
    return net

# %% 10.mend_b wrong: nothing comes back
def mend_b(net):
    fault = "vanishing"
    net[11].surrogate = surrogate.ATan()

# %% 10.mend_b right: the surrogate of the others
def mend_b(net):
    fault = "vanishing"
    net[11].surrogate = surrogate.ATan()
    return fault, net

# %% 10.mend_b right: the rectangle made as wide as the threshold
def mend_b(net):
    net[11].surrogate.width = 1.0
    return "vanishing", net

# %% 10.mend_b right: new neurons
def mend_b(net):
    net[11] = neuron.LIFNode(tau=2.0, surrogate=surrogate.Sigmoid(alpha=4.0))
    return ["vanishing", net]

# %% 10.mend_b right: shared with the last layer
def mend_b(net):
    net[11].surrogate = net[14].surrogate
    return "vanishing", net

# %% 10.mend_b right: all neurons get a new surrogate
def mend_b(net):
    for module in net:
        if hasattr(module, "surrogate"):
            module.surrogate = surrogate.ATan(alpha=2.0)
    return "vanishing", net

# %% 10.mend_b right: on a copy
from copy import deepcopy


def mend_b(net):
    cured = deepcopy(net)
    cured[11].surrogate = surrogate.Rectangle(width=1.0)
    return "vanishing", cured

# %% 10.mend_b right: a wider rectangle
def mend_b(net):
    net[11].surrogate.width = 0.01
    return "vanishing", net

# %% 10.mend_b wrong: neurons of another kind take the place of the ill ones
def mend_b(net):
    net[11] = neuron.IFNode()
    return "vanishing", net

# %% 10.mend_b wrong: a learning rate is no part of it
def mend_b(net):
    net[11].lr = 0.1
    return "vanishing", net

# %% 10.mend_b wrong: a function in place of a surrogate
def mend_b(net):
    net[11].surrogate = torch.atan
    return "vanishing", net

# %% 10.mend_b wrong: the surrogate is taken away
def mend_b(net):
    net[11].surrogate = None
    return "vanishing", net

# %% 10.mend_b right: a surrogate of another family, and a tensor for a threshold
def mend_b(net):
    net[11].surrogate = surrogate.SignSwish()
    net[11].v_threshold = torch.tensor(1.0)
    return "vanishing", net

# %% 10.mend_c wrong: names what the layers behind it have
def mend_c(net):
    fault = "silent"
    with torch.no_grad():
        net[5].bias.zero_()
    return fault, net

# %% 10.mend_c wrong: takes it for a matter of the gradient
def mend_c(net):
    fault = "vanishing"
    with torch.no_grad():
        net[5].bias.zero_()
    return fault, net

# %% 10.mend_c wrong: both findings in one name
def mend_c(net):
    fault = ("saturated", "silent")
    with torch.no_grad():
        net[5].bias.zero_()
    return fault, net

# %% 10.mend_c wrong: the BN of the silent layer is treated
def mend_c(net):
    fault = "saturated"
    with torch.no_grad():
        net[10].bias.fill_(1.0)
    return fault, net

# %% 10.mend_c wrong: the BN of the first layer is treated
def mend_c(net):
    fault = "saturated"
    with torch.no_grad():
        net[1].bias.zero_()
    return fault, net

# %% 10.mend_c wrong: the scale of the BN is set to zero, not its bias
def mend_c(net):
    fault = "saturated"
    with torch.no_grad():
        net[5].weight.zero_()
    return fault, net

# %% 10.mend_c wrong: a little less, still saturated
def mend_c(net):
    fault = "saturated"
    with torch.no_grad():
        net[5].bias.sub_(1.0)
    return fault, net

# %% 10.mend_c wrong: so much less that the layer falls silent
def mend_c(net):
    fault = "saturated"
    with torch.no_grad():
        net[5].bias.neg_()
    return fault, net

# %% 10.mend_c wrong: the method is not called
def mend_c(net):
    fault = "saturated"
    with torch.no_grad():
        net[5].bias.zero_
    return fault, net

# %% 10.mend_c wrong: the difference is thrown away
def mend_c(net):
    fault = "saturated"
    with torch.no_grad():
        net[5].bias - 9
    return fault, net

# %% 10.mend_c wrong: without no_grad
def mend_c(net):
    fault = "saturated"
    net[5].bias -= 9
    return fault, net

# %% 10.mend_c wrong: a plain tensor where a parameter has to be
def mend_c(net):
    fault = "saturated"
    net[5].bias = torch.zeros(32)
    return fault, net

# %% 10.mend_c wrong: the silent layers get lower thresholds
def mend_c(net):
    fault = "saturated"
    net[11].v_threshold = 0.1
    net[14].v_threshold = 0.1
    return fault, net

# %% 10.mend_c wrong: the convolution before it is made smaller, which BN undoes
def mend_c(net):
    fault = "saturated"
    with torch.no_grad():
        net[4].weight.mul_(0.1)
    return fault, net

# %% 10.mend_c wrong: network and name change places
def mend_c(net):
    with torch.no_grad():
        net[5].bias.zero_()
    return net, "saturated"

# %% 10.mend_c wrong: only the name comes back
def mend_c(net):
    with torch.no_grad():
        net[5].bias.zero_()
    return "saturated"

# %% 10.mend_c right: bias to zero
def mend_c(net):
    fault = "saturated"
    with torch.no_grad():
        net[5].bias.zero_()
    return fault, net

# %% 10.mend_c right: nine less
def mend_c(net):
    fault = "saturated"
    with torch.no_grad():
        net[5].bias -= 9
    return fault, net

# %% 10.mend_c right: a new parameter
def mend_c(net):
    net[5].bias = nn.Parameter(torch.zeros(32))
    return "saturated", net

# %% 10.mend_c right: BN as it was made
def mend_c(net):
    net[5].reset_parameters()
    return ["saturated", net]

# %% 10.mend_c right: nn.init
def mend_c(net):
    nn.init.zeros_(net[5].bias)
    return "saturated", net

# %% 10.mend_c right: by .data, element by element
def mend_c(net):
    for k in range(len(net[5].bias)):
        net[5].bias.data[k] = 0.0
    return "saturated", net

# %% 10.mend_c right: a higher threshold
def mend_c(net):
    fault = "saturated"
    net[6].v_threshold = 10.0
    return fault, net

# %% 10.mend_c wrong: the parameter is overwritten by a variable of the same name
def mend_c(net):
    bias = net[5].bias
    bias = torch.zeros(32)
    return "saturated", net

# %% 10.mend_c wrong: the layer gets more and more
def mend_c(net):
    with torch.no_grad():
        net[5].bias.mul_(2)
    return "saturated", net

# %% 10.mend_c wrong: BN is taken out
def mend_c(net):
    net[5] = nn.Identity()
    return "saturated", net

# %% 10.mend_c right: no bias at all
def mend_c(net):
    net[5].bias = None
    return "saturated", net

# %% 10.fold wrong: eps is left out
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var)
    return weight * scale[:, None, None, None], beta - mean * scale

# %% 10.fold wrong: eps outside the root
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (torch.sqrt(var) + eps)
    return weight * scale[:, None, None, None], beta - mean * scale

# %% 10.fold wrong: no root
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps)
    return weight * scale[:, None, None, None], beta - mean * scale

# %% 10.fold wrong: gamma is left out
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = 1 / torch.sqrt(var + eps)
    return weight * scale[:, None, None, None], beta - mean * scale

# %% 10.fold wrong: multiplied by the root, not divided
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma * torch.sqrt(var + eps)
    return weight * scale[:, None, None, None], beta - mean * scale

# %% 10.fold wrong: the sign of the mean
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    return weight * scale[:, None, None, None], beta + mean * scale

# %% 10.fold wrong: the mean is not scaled
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    return weight * scale[:, None, None, None], beta - mean

# %% 10.fold wrong: beta is scaled as well
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    return weight * scale[:, None, None, None], (beta - mean) * scale

# %% 10.fold wrong: beta is left out
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    return weight * scale[:, None, None, None], -mean * scale

# %% 10.fold wrong: the mean is left out
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    return weight * scale[:, None, None, None], beta

# %% 10.fold wrong: scaled along the input channels
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    return weight * scale[None, :, None, None], beta - mean * scale

# %% 10.fold wrong: scaled along the columns of the kernel
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    return weight * scale, beta - mean * scale

# %% 10.fold wrong: bias and weight change places
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    return beta - mean * scale, weight * scale[:, None, None, None]

# %% 10.fold wrong: eps is always 1e-5
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + 1e-5)
    return weight * scale[:, None, None, None], beta - mean * scale

# %% 10.fold wrong: the weights stay as they are
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    return weight, beta - mean * scale

# %% 10.fold wrong: only the weights come back
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    return weight * scale[:, None, None, None]

# %% 10.fold wrong: the old weights are overwritten
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    weight *= scale[:, None, None, None]
    return weight, beta - mean * scale

# %% 10.fold wrong: a bias of shape [out, 1, 1, 1]
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = (gamma / torch.sqrt(var + eps)).view(-1, 1, 1, 1)
    return weight * scale, beta.view(-1, 1, 1, 1) - mean.view(-1, 1, 1, 1) * scale

# %% 10.fold right: as in the text
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    return weight * scale[:, None, None, None], beta - mean * scale

# %% 10.fold right: einsum, rsqrt, a list
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma * torch.rsqrt(var + eps)
    return [torch.einsum("oikl,o->oikl", weight, scale), torch.addcmul(beta, mean, scale, value=-1)]

# %% 10.fold right: a matrix product
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = torch.diag(gamma / (var + eps) ** 0.5)
    return (scale @ weight.flatten(1)).reshape(weight.shape), beta - scale @ mean

# %% 10.fold right: plain loops
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    new, bias = torch.empty_like(weight), torch.empty_like(beta)
    for k in range(weight.shape[0]):
        sigma = (var[k] + eps) ** 0.5
        new[k] = weight[k] * gamma[k] / sigma
        bias[k] = beta[k] - gamma[k] * mean[k] / sigma
    return new, bias

# %% 10.fold right: the bias is what BN makes of zero
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    zero = torch.zeros(1, len(gamma), dtype=weight.dtype)
    bias = F.batch_norm(zero, mean, var, gamma, beta, training=False, eps=eps)[0]
    return weight * (gamma / (var + eps).sqrt()).reshape(-1, 1, 1, 1), bias

# %% 10.fold right: the tool of torch
from torch.nn.utils.fusion import fuse_conv_bn_weights


def fold(weight, gamma, beta, mean, var, eps=1e-5):
    w, b = fuse_conv_bn_weights(weight, None, mean, var, eps, gamma, beta)
    return w.detach(), b.detach()

# %% 10.fold right: numpy in float64 and back
import numpy as np


def fold(weight, gamma, beta, mean, var, eps=1e-5):
    w, g, b, m, v = (x.detach().numpy().astype(np.float64) for x in (weight, gamma, beta, mean, var))
    scale = g / np.sqrt(v + eps)
    return torch.tensor(w * scale[:, None, None, None]).to(weight), torch.tensor(b - m * scale).to(weight)

# %% 10.fold right: nn.Parameter in place of plain tensors
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    return nn.Parameter(weight * scale[:, None, None, None]), nn.Parameter(beta - mean * scale)

# %% 10.fold wrong: transposed weights
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    return (weight * scale[:, None, None, None]).transpose(0, 1), beta - mean * scale

# %% 10.fold wrong: the spread is that of the weights
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / weight.flatten(1).std(1)
    return weight * scale[:, None, None, None], beta - mean * scale

# %% 10.fold wrong: gamma is applied twice to the bias
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    return weight * scale[:, None, None, None], beta - gamma * mean * scale

# %% 10.fold wrong: beta is changed in place
def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / torch.sqrt(var + eps)
    beta -= mean * scale
    return weight * scale[:, None, None, None], beta

# %% 10.fold right: nested lists
import math


def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = [float(g) / math.sqrt(float(v) + eps) for g, v in zip(gamma, var)]
    bias = [float(b) - float(m) * k for b, m, k in zip(beta, mean, scale)]
    return [(w * k).tolist() for w, k in zip(weight, scale)], bias
