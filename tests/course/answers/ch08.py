# %% 08.sigmoid_slope wrong: the factor alpha in front is missing
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(alpha * x)
    return y * (1 - y)


# %% 08.sigmoid_slope wrong: alpha stands in front but not inside
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(x)
    return alpha * y * (1 - y)


# %% 08.sigmoid_slope wrong: alpha is squared
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(alpha * x)
    return alpha**2 * y * (1 - y)


# %% 08.sigmoid_slope wrong: the sigmoid and not its slope
def sigmoid_slope(x, alpha):
    return torch.sigmoid(alpha * x)


# %% 08.sigmoid_slope wrong: the slope of tanh
def sigmoid_slope(x, alpha):
    y = torch.tanh(alpha * x)
    return alpha * (1 - y**2)


# %% 08.sigmoid_slope wrong: 1 - s squared in place of s (1 - s)
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(alpha * x)
    return alpha * (1 - y**2)


# %% 08.sigmoid_slope wrong: the second factor is missing
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(alpha * x)
    return alpha * y


# %% 08.sigmoid_slope wrong: x is divided by alpha
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(x / alpha)
    return alpha * y * (1 - y)


# %% 08.sigmoid_slope wrong: alpha is always 4
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(4.0 * x)
    return 4.0 * y * (1 - y)


# %% 08.sigmoid_slope wrong: alpha is left out
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(x)
    return y * (1 - y)


# %% 08.sigmoid_slope wrong: overflows far below the threshold and gives nan
def sigmoid_slope(x, alpha):
    e = torch.exp(-alpha * x)
    return alpha * e / (1 + e) ** 2


# %% 08.sigmoid_slope wrong: the sign is turned round
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(alpha * x)
    return alpha * y * (y - 1)


# %% 08.sigmoid_slope wrong: math.exp takes no tensor of many numbers
import math


def sigmoid_slope(x, alpha):
    y = 1 / (1 + math.exp(-alpha * x))
    return alpha * y * (1 - y)


# %% 08.sigmoid_slope wrong: the sum over all neurons
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(alpha * x)
    return (alpha * y * (1 - y)).sum()


# %% 08.sigmoid_slope wrong: the step of the forward pass
def sigmoid_slope(x, alpha):
    return (x >= 0).to(x.dtype)


# %% 08.sigmoid_slope wrong: the slope is cut off at one
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(alpha * x)
    return (alpha * y * (1 - y)).clamp(max=1.0)


# %% 08.sigmoid_slope wrong: the slope of ATan
def sigmoid_slope(x, alpha):
    return alpha / 2 / (1 + (torch.pi / 2 * alpha * x) ** 2)


# %% 08.sigmoid_slope wrong: scaled so that the top is one
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(alpha * x)
    return 4 * y * (1 - y)


# %% 08.sigmoid_slope wrong: only the positive side
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(alpha * x.clamp(min=0))
    return alpha * y * (1 - y)


# %% 08.sigmoid_slope wrong: computed and not returned
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(alpha * x)
    slope = alpha * y * (1 - y)


# %% 08.sigmoid_slope wrong: x is scaled in place
def sigmoid_slope(x, alpha):
    x *= alpha
    y = x.sigmoid()
    return alpha * y * (1 - y)


# %% 08.sigmoid_slope right: in float64
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(alpha * x.double())
    return alpha * y * (1 - y)


# %% 08.sigmoid_slope right: as in the table
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(alpha * x)
    return alpha * y * (1 - y)


# %% 08.sigmoid_slope right: the sigmoid of both signs
def sigmoid_slope(x, alpha):
    return alpha * (alpha * x).sigmoid() * (-alpha * x).sigmoid()


# %% 08.sigmoid_slope right: by the hyperbolic tangent
def sigmoid_slope(x, alpha):
    return alpha / 4 * (1 - torch.tanh(alpha * x / 2) ** 2)


# %% 08.sigmoid_slope right: the exponential of the distance only, which cannot overflow
def sigmoid_slope(x, alpha):
    e = torch.exp(-alpha * x.abs())
    return alpha * e / (1 + e) ** 2


# %% 08.sigmoid_slope right: the surrogate of the library
def sigmoid_slope(x, alpha):
    return surrogate.Sigmoid(alpha).slope(x)


# %% 08.sigmoid_slope right: autograd
def sigmoid_slope(x, alpha):
    z = x.detach().clone().requires_grad_(True)
    return torch.autograd.grad(torch.sigmoid(alpha * z).sum(), z)[0]


# %% 08.after_spike wrong: a reset to 0 is taken for a soft reset
def after_spike(h, s, v_threshold, v_reset):
    if not v_reset:
        return h - s * v_threshold, 1.0, -v_threshold
    return (1 - s) * h + s * v_reset, 1 - s, v_reset - h


# %% 08.after_spike wrong: a reset to 0 is taken for a soft reset, the other way round
def after_spike(h, s, v_threshold, v_reset):
    if v_reset:
        return (1 - s) * h + s * v_reset, 1 - s, v_reset - h
    return h - s * v_threshold, 1.0, -v_threshold


# %% 08.after_spike wrong: the derivative by s has the wrong sign at a hard reset
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0, -v_threshold
    return (1 - s) * h + s * v_reset, 1 - s, h - v_reset


# %% 08.after_spike wrong: the derivative by s has the wrong sign at a soft reset
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0, v_threshold
    return (1 - s) * h + s * v_reset, 1 - s, v_reset - h


# %% 08.after_spike wrong: the derivative by s forgets v_reset
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0, -v_threshold
    return (1 - s) * h + s * v_reset, 1 - s, -h


# %% 08.after_spike wrong: the derivative by h is that of a hard reset in both cases
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1 - s, -v_threshold
    return (1 - s) * h + s * v_reset, 1 - s, v_reset - h


# %% 08.after_spike wrong: the derivative by h is 1 in both cases
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0, -v_threshold
    return (1 - s) * h + s * v_reset, 1.0, v_reset - h


# %% 08.after_spike wrong: the derivative by h is s
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0, -v_threshold
    return (1 - s) * h + s * v_reset, s, v_reset - h


# %% 08.after_spike wrong: the two derivatives are exchanged
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, -v_threshold, 1.0
    return (1 - s) * h + s * v_reset, v_reset - h, 1 - s


# %% 08.after_spike wrong: the hard reset always goes to 0
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0, -v_threshold
    return (1 - s) * h, 1 - s, -h


# %% 08.after_spike wrong: the soft reset always subtracts 1
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s, 1.0, -1.0
    return (1 - s) * h + s * v_reset, 1 - s, v_reset - h


# %% 08.after_spike wrong: the soft reset subtracts the threshold without a spike too
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - v_threshold, 1.0, -v_threshold
    return (1 - s) * h + s * v_reset, 1 - s, v_reset - h


# %% 08.after_spike wrong: v_reset is added to what was left without a spike
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0, -v_threshold
    return (1 - s) * h + v_reset, 1 - s, v_reset - h


# %% 08.after_spike wrong: the hard reset subtracts the threshold and adds v_reset
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0, -v_threshold
    return h - s * (v_threshold - v_reset), 1 - s, v_reset - h


# %% 08.after_spike wrong: the spike is taken out of the derivative, as if the reset were cut
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0, 0.0
    return (1 - s) * h + s * v_reset, 1 - s, 0.0


# %% 08.after_spike wrong: nothing comes back at a hard reset
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0, -v_threshold
    v = (1 - s) * h + s * v_reset


# %% 08.after_spike wrong: the potential is left out of what comes back
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return 1.0, -v_threshold
    return 1 - s, v_reset - h


# %% 08.after_spike wrong: only the potential comes back
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold
    return (1 - s) * h + s * v_reset


# %% 08.after_spike wrong: None is used as a number
def after_spike(h, s, v_threshold, v_reset):
    v = (1 - s) * h + s * v_reset
    if v_reset is None:
        v = h - s * v_threshold
    return v, 1 - s, v_reset - h


# %% 08.after_spike wrong: the derivatives are added up
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0 - v_threshold
    return (1 - s) * h + s * v_reset, 1 - s + v_reset - h


# %% 08.after_spike wrong: the derivative by s looks at neurons with a spike only
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0, -v_threshold
    return (1 - s) * h + s * v_reset, 1 - s, s * (v_reset - h)


# %% 08.after_spike wrong: the soft derivative by s is the potential
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0, -h
    return (1 - s) * h + s * v_reset, 1 - s, v_reset - h


# %% 08.after_spike right: derivatives of the shape of h at a soft reset
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, torch.ones_like(h), torch.full_like(h, -v_threshold)
    return (1 - s) * h + s * v_reset, 1 - s, v_reset - h


# %% 08.after_spike wrong: takes single neurons only
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - v_threshold if s else h, 1, -v_threshold
    return v_reset if s else h, 0 if s else 1, v_reset - h


# %% 08.after_spike right: compares with None by ==
def after_spike(h, s, v_threshold, v_reset):
    if v_reset == None:
        return h - s * v_threshold, 1, -v_threshold
    return (1 - s) * h + s * v_reset, 1 - s, v_reset - h


# %% 08.after_spike right: torch.where
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return torch.where(s > 0, h - v_threshold, h), torch.ones_like(s), -v_threshold * torch.ones_like(s)
    return torch.where(s > 0, v_reset, h), (s == 0).to(h.dtype), v_reset - h


# %% 08.after_spike right: if None
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        v, dv_dh, dv_ds = h - s * v_threshold, 1.0, -v_threshold
    else:
        v, dv_dh, dv_ds = (1 - s) * h + s * v_reset, 1 - s, v_reset - h
    return v, dv_dh, dv_ds


# %% 08.after_spike right: derivatives of the shape of h, also for plain numbers
def after_spike(h, s, v_threshold, v_reset):
    h, s = torch.as_tensor(h, dtype=torch.float32), torch.as_tensor(s, dtype=torch.float32)
    if v_reset is not None:
        return h + s * (v_reset - h), 1.0 - s, v_reset - h
    return h - v_threshold * s, torch.ones_like(h), torch.full_like(h, -v_threshold)


# %% 08.after_spike right: a list comes back, and the soft case with 0 * h
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return [h - s * v_threshold, 1.0 + 0 * h, -v_threshold + 0 * h]
    return [h - s * h + s * v_reset, 1.0 - s, v_reset - h]


# %% 08.after_spike right: the derivative by s as a difference of the two ends
def after_spike(h, s, v_threshold, v_reset):
    def f(h, s):
        return h - s * v_threshold if v_reset is None else (1 - s) * h + s * v_reset

    dv_dh = 1.0 if v_reset is None else 1.0 - s
    return f(h, s), dv_dh, f(h, 1.0) - f(h, 0.0)


# %% 08.after_spike right: autograd in double precision
def after_spike(h, s, v_threshold, v_reset):
    h = torch.as_tensor(h).detach().double().requires_grad_(True)
    s = torch.as_tensor(s).detach().double().expand(h.shape).clone().requires_grad_(True)
    v = h - s * v_threshold if v_reset is None else (1 - s) * h + s * v_reset
    dv_dh, dv_ds = torch.autograd.grad(v.sum(), (h, s))
    return v.detach(), dv_dh, dv_ds


# %% 08.step_gradient wrong: the leak is missing
def step_gradient(h, s, slope, tau):
    return 1 - s - h * slope


# %% 08.step_gradient wrong: the way by the spike is added
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * (1 - s + h * slope)


# %% 08.step_gradient wrong: the way by the spike is missing
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * (1 - s)


# %% 08.step_gradient wrong: the way by the membrane is missing
def step_gradient(h, s, slope, tau):
    return -(1 - 1 / tau) * h * slope


# %% 08.step_gradient wrong: 1/tau in place of 1 - 1/tau
def step_gradient(h, s, slope, tau):
    return (1 - s - h * slope) / tau


# %% 08.step_gradient wrong: the leak stands at the membrane only
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * (1 - s) - h * slope


# %% 08.step_gradient wrong: the leak stands at the spike only
def step_gradient(h, s, slope, tau):
    return 1 - s - (1 - 1 / tau) * h * slope


# %% 08.step_gradient wrong: h is left out
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * (1 - s - slope)


# %% 08.step_gradient wrong: the slope is left out
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * (1 - s - h)


# %% 08.step_gradient wrong: the spike is left out
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * (1 - h * slope)


# %% 08.step_gradient wrong: the distance from the threshold stands in place of h
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * (1 - s - (h - 1) * slope)


# %% 08.step_gradient wrong: a soft reset
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * (1 - slope)


# %% 08.step_gradient wrong: the exact exponential in place of Euler's factor
import math


def step_gradient(h, s, slope, tau):
    return math.exp(-1 / tau) * (1 - s - h * slope)


# %% 08.step_gradient wrong: tau is always 2
def step_gradient(h, s, slope, tau):
    return 0.5 * (1 - s - h * slope)


# %% 08.step_gradient wrong: the leak is divided in whole numbers
def step_gradient(h, s, slope, tau):
    return (1 - 1 // tau) * (1 - s - h * slope)


# %% 08.step_gradient wrong: the whole is multiplied by the slope
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * (1 - s - h) * slope


# %% 08.step_gradient wrong: the derivative of the spike by the past and not of the potential
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * slope


# %% 08.step_gradient wrong: the leak has the wrong sign
def step_gradient(h, s, slope, tau):
    return (1 + 1 / tau) * (1 - s - h * slope)


# %% 08.step_gradient wrong: s and 1 - s are exchanged
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * (s - h * slope)


# %% 08.step_gradient wrong: a step with a spike gives 0
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * (1 - s) * (1 - h * slope)


# %% 08.step_gradient wrong: the leak is applied twice
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) ** 2 * (1 - s - h * slope)


# %% 08.step_gradient wrong: the product rule takes h for 1 - s
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * (1 - s - (1 - s) * slope)


# %% 08.step_gradient right: by a function that takes tensors only
def step_gradient(h, s, slope, tau):
    return torch.addcmul(1 - s, h, slope, value=-1).mul(1 - 1 / tau)


# %% 08.step_gradient right: by plain numbers
def step_gradient(h, s, slope, tau):
    return float(1 - 1 / tau) * (1.0 - float(s) - float(h) * float(slope))


# %% 08.step_gradient right: in one line
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * (1 - s - h * slope)


# %% 08.step_gradient right: the chain rule in steps
def step_gradient(h, s, slope, tau):
    dh_dv = 1 - 1 / tau
    ds_dh = slope
    dv_dh = (1 - s) + (0 - h) * ds_dh
    return dv_dh * dh_dv


# %% 08.step_gradient right: multiplied out
def step_gradient(h, s, slope, tau):
    return 1 - s - h * slope - (1 - s - h * slope) / tau


# %% 08.step_gradient right: numpy in double precision
def step_gradient(h, s, slope, tau):
    import numpy as np

    h, s, slope = (np.asarray(value, dtype=np.float64) for value in (h, s, slope))
    return torch.as_tensor((tau - 1) / tau * (1 - s - h * slope))


# %% 08.step_gradient right: autograd with a spike of the given slope
def step_gradient(h, s, slope, tau):
    v = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    h_t = torch.as_tensor(h).detach().double() + (1 - 1 / tau) * v
    s_t = torch.as_tensor(s).double() + torch.as_tensor(slope).double() * (h_t - h_t.detach())
    after = (1 - s_t) * h_t
    if after.dim() == 0:
        return torch.autograd.grad(after, v)[0]
    return torch.stack([torch.autograd.grad(a, v, retain_graph=True)[0] for a in after.flatten()]).view(after.shape)


# %% 08.triangle wrong: not cut off at 0
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return 1 - x.abs()


# %% 08.triangle wrong: the absolute value is missing
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (1 - x).clamp(min=0)


# %% 08.triangle wrong: cut off from above in place of from below
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (1 - x.abs()).clamp(max=0)


# %% 08.triangle wrong: a parabola
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (1 - x**2).clamp(min=0)


# %% 08.triangle wrong: a rectangle
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (x.abs() < 1).to(x.dtype)


# %% 08.triangle wrong: twice as wide
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (1 - x.abs() / 2).clamp(min=0)


# %% 08.triangle wrong: half as wide
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (1 - 2 * x.abs()).clamp(min=0)


# %% 08.triangle wrong: twice as high
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return 2 * (1 - x.abs()).clamp(min=0)


# %% 08.triangle wrong: the tip lies at x = 1, as if x were the potential
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (1 - (x - 1).abs()).clamp(min=0)


# %% 08.triangle wrong: Python's max takes no tensor of many numbers
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return max(0, 1 - abs(x))


# %% 08.triangle wrong: a small slope is left outside
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (1 - x.abs()).clamp(min=0.01)


# %% 08.triangle wrong: only below the threshold
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (1 - x.abs()).clamp(min=0) * (x < 0)


# %% 08.triangle wrong: the sign is turned round
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (x.abs() - 1).clamp(min=0)


# %% 08.triangle wrong: the derivative of the triangle
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return -x.sign() * (x.abs() < 1)


# %% 08.triangle wrong: torch.max with a plain number
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return torch.max(0, 1 - x.abs())


# %% 08.triangle wrong: the largest over all neurons
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (1 - x.abs()).max()


# %% 08.triangle wrong: computed and not returned
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        y = (1 - x.abs()).clamp(min=0)


# %% 08.triangle wrong: x is clipped first, so that the slope never gets to 0
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return 1 - x.abs().clamp(max=0.9)


# %% 08.triangle wrong: zero at the tip as well
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return torch.where((x.abs() < 1) & (x != 0), 1 - x.abs(), torch.zeros_like(x))


# %% 08.triangle wrong: the slope of the exact step, one at the threshold only
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (x == 0).to(x.dtype)


# %% 08.triangle wrong: the forward pass is written in place of the slope
class Triangle(surrogate.Surrogate):
    def forward(self, x):
        return (1 - x.abs()).clamp(min=0)


# %% 08.triangle wrong: the forward pass is a ramp, so that spikes are no longer 0 and 1
class Triangle(surrogate.Surrogate):
    def forward(self, x):
        return (x / 2 + 0.5).clamp(0, 1)

    def slope(self, x):
        return (1 - x.abs()).clamp(min=0)


# %% 08.triangle wrong: self is forgotten
class Triangle(surrogate.Surrogate):
    def slope(x):
        return (1 - x.abs()).clamp(min=0)


# %% 08.triangle wrong: the base class is never initialised
class Triangle(surrogate.Surrogate):
    def __init__(self):
        self.width = 1.0

    def slope(self, x):
        return (1 - x.abs() / self.width).clamp(min=0)


# %% 08.triangle wrong: a function and not a class
def Triangle(x):
    return (1 - x.abs()).clamp(min=0)


# %% 08.triangle wrong: the width has no default
class Triangle(surrogate.Surrogate):
    def __init__(self, width):
        super().__init__()
        self.width = width

    def slope(self, x):
        return (1 - x.abs() / self.width).clamp(min=0)


# %% 08.triangle wrong: not a surrogate, a module of its own without the step
class Triangle(torch.nn.Module):
    def slope(self, x):
        return (1 - x.abs()).clamp(min=0)


# %% 08.triangle right: by numpy
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        import numpy as np

        return torch.from_numpy(np.maximum(0, 1 - np.abs(x.detach().numpy())))


# %% 08.triangle wrong: x is changed in place
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return x.abs_().neg_().add_(1).clamp_(min=0)


# %% 08.triangle right: always float32
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (1 - x.abs()).clamp(min=0).float()


# %% 08.triangle right: clamp
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (1 - x.abs()).clamp(min=0)


# %% 08.triangle right: relu
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return torch.relu(1 - torch.abs(x))


# %% 08.triangle right: torch.where
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return torch.where(x.abs() < 1, 1 - x.abs(), torch.zeros_like(x))


# %% 08.triangle right: torch.maximum
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return torch.maximum(torch.zeros_like(x), 1 - abs(x))


# %% 08.triangle right: the lower of two ramps
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return torch.minimum(1 + x, 1 - x).clamp(min=0)


# %% 08.triangle right: a width with a default, and the primitive
class Triangle(surrogate.Surrogate):
    def __init__(self, width=1.0):
        super().__init__()
        self.width = width

    def slope(self, x):
        inside = (x.abs() < self.width).to(x.dtype)
        return inside * (1 - x.abs() / self.width)

    def primitive(self, x):
        x = x.clamp(-1, 1)
        return 0.5 + x - x * x.abs() / 2


# %% 08.bptt wrong: the way by the reset is missing
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the way by the reset has the wrong sign
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] + dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the way by the membrane is missing
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the membrane forgets nothing at a spike
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: a spike needs more than the threshold
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h > 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: a soft reset in the forward pass
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = h - s
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: no reset at all in the forward pass
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the input is not divided by tau
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the leak on the way back is missing
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh
    return grad


# %% 08.bptt wrong: the leak on the way back is 1/tau
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh / tau
    return grad


# %% 08.bptt wrong: walks forward in time
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in range(T):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the potential after the reset is kept in place of h
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(v)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the slope is taken at h and not at h - 1
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t])
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: nothing is carried from step to step
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
    return grad


# %% 08.bptt wrong: the carried number starts at one
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(1.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the total and not one number for each step
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad.sum()


# %% 08.bptt wrong: the gradients come in reversed order
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad.flip(0)


# %% 08.bptt wrong: the slope of the loss is taken for all steps from the last
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[-1] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the slope of the loss is left out
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = 1.0 - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the first step is left out on the way back
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in range(T - 1, 0, -1):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the last step is left out on the way back
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in range(T - 2, -1, -1):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the potential forgets its past when it charges
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = x[t] / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the input is not divided by tau in the forward pass
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v - v / tau + x[t]
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the slope of a sigmoid with alpha 1 in place of the given one
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * torch.sigmoid(hs[t] - 1) * torch.sigmoid(1 - hs[t])
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: tau is always 2
def bptt(x, loss_slope, tau, slope):
    tau = 2.0
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: only the gradient of the spike in its own step
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    return torch.stack([loss_slope[t] * slope(hs[t] - 1) / tau for t in range(T)])


# %% 08.bptt wrong: plain numbers are given to a function that wants tensors
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(float(hs[t]) - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: only the last number is left
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the spike of the next step stands in the reset
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[min(t + 1, T - 1)]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the trace of the last call is kept
def bptt(x, loss_slope, tau, slope, hs=[], ss=[]):
    T, v = len(x), torch.tensor(0.0)
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt right: a list of numbers comes back
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return [float(g) for g in grad]


# %% 08.bptt right: by autograd after all, which the check cannot see
def bptt(x, loss_slope, tau, slope):
    class Spike(torch.autograd.Function):
        @staticmethod
        def forward(ctx, d):
            ctx.save_for_backward(d)
            return (d >= 0).to(d.dtype)

        @staticmethod
        def backward(ctx, grad):
            return grad * slope(ctx.saved_tensors[0])

    x = x.detach().clone().requires_grad_(True)
    v, loss = 0.0, 0.0
    for t in range(len(x)):
        h = v + (x[t] - v) / tau
        s = Spike.apply(h - 1)
        v = (1 - s) * h
        loss = loss + loss_slope[t] * s
    return torch.autograd.grad(loss, x)[0]


# %% 08.bptt right: all slopes at once
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    g = slope(torch.stack(hs) - 1)
    grad, dv = torch.zeros(T), 0.0
    for t in range(T - 1, -1, -1):
        dh = dv * (1 - ss[t] - hs[t] * g[t]) + loss_slope[t] * g[t]
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt right: a list that grows at its front, then stack
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    rows, dv = [], 0.0
    for t in reversed(range(T)):
        dh = dv * (1 - ss[t]) + (loss_slope[t] - dv * hs[t]) * slope(hs[t] - 1)
        rows.insert(0, dh / tau)
        dv = dh * (1 - 1 / tau)
    return torch.stack(rows)


# %% 08.bptt right: forward, then backward with lists
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), torch.tensor(0.0)
    for t in reversed(range(T)):
        ds = loss_slope[t] - dv * hs[t]
        dh = dv * (1 - ss[t]) + ds * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt right: with the factor of exercise 3
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros_like(x), 0.0
    for t in range(T - 1, -1, -1):
        g = slope(hs[t] - 1)
        dh = loss_slope[t] * g + dv * (1 - ss[t] - hs[t] * g)
        grad[t] = dh / tau
        dv = (1 - 1 / tau) * dh
    return grad


# %% 08.bptt right: plain numbers, and tensors of one number for the slope
def bptt(x, loss_slope, tau, slope):
    v, kept = 0.0, []
    for value in x.tolist():
        h = v + (value - v) / tau
        s = 1.0 if h >= 1 else 0.0
        kept.append((h, s, float(slope(torch.tensor(h - 1)))))
        v = h * (1 - s)
    gradients, dv = [], 0.0
    for (h, s, g), a in zip(kept[::-1], loss_slope.tolist()[::-1]):
        dh = (a - h * dv) * g + (1 - s) * dv
        gradients.append(dh / tau)
        dv = dh - dh / tau
    return torch.tensor(gradients[::-1])


# %% 08.bptt right: the matrix of all ways from step to step
def bptt(x, loss_slope, tau, slope):
    T, v = len(x), torch.tensor(0.0)
    hs, ss = [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = (h >= 1).to(x.dtype)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    g = [slope(h - 1) for h in hs]
    grad = torch.zeros(T)
    for t in range(T):
        way = torch.tensor(1.0) / tau
        for k in range(t, T):
            grad[t] += loss_slope[k] * g[k] * way
            way = way * (1 - ss[k] - hs[k] * g[k]) * (1 - 1 / tau)
    return grad


# %% 08.bptt right: a class that keeps what the forward pass has seen
class Neuron:
    def __init__(self, tau):
        self.tau, self.v, self.seen = tau, 0.0, []

    def forward(self, x):
        h = self.v + (x - self.v) / self.tau
        s = float(h >= 1)
        self.v = (1 - s) * h
        self.seen.append((h, s))


def bptt(x, loss_slope, tau, slope):
    neuron = Neuron(tau)
    for value in x:
        neuron.forward(value)
    carried, grad = 0.0, x * 0
    for t, (h, s) in reversed(list(enumerate(neuron.seen))):
        dh = carried * (1 - s) + (loss_slope[t] - carried * h) * slope(h - 1)
        grad[t] = dh / tau
        carried = dh * (tau - 1) / tau
    return grad


# %% 08.sigmoid_slope wrong: alpha stands inside twice
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(alpha**2 * x)
    return alpha * y * (1 - y)


# %% 08.sigmoid_slope wrong: works for one dimension only, since it goes through the elements
def sigmoid_slope(x, alpha):
    out = []
    for value in x:
        y = 1 / (1 + math.exp(-alpha * float(value.reshape(-1)[0]))) if alpha * float(value.reshape(-1)[0]) > -700 else 0.0
        out.append(alpha * y * (1 - y))
    return torch.tensor(out)


# %% 08.sigmoid_slope wrong: zero far from the threshold, by a window
def sigmoid_slope(x, alpha):
    y = torch.sigmoid(alpha * x)
    return alpha * y * (1 - y) * (x.abs() < 1)


# %% 08.sigmoid_slope right: element by element in Python, safe against overflow
def sigmoid_slope(x, alpha):
    def one(value):
        e = math.exp(-alpha * abs(value))
        return alpha * e / (1 + e) ** 2

    return [one(v) for v in x.tolist()] if x.dim() == 1 else [[one(v) for v in row] for row in x.tolist()]


# %% 08.after_spike wrong: the two resets are exchanged
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is not None:
        return h - s * v_threshold, 1.0, -v_threshold
    return (1 - s) * h, 1 - s, -h


# %% 08.after_spike wrong: h is overwritten in place
def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        h -= s * v_threshold
        return h, 1.0, -v_threshold
    before = h.clone()
    h.mul_(1 - s).add_(s * v_reset)
    return h, 1 - s, v_reset - before


# %% 08.after_spike wrong: finds the spikes itself and takes the threshold for 1
def after_spike(h, s, v_threshold, v_reset):
    s = (h >= 1).float()
    if v_reset is None:
        return h - s * v_threshold, 1.0, -v_threshold
    return (1 - s) * h + s * v_reset, 1 - s, v_reset - h


# %% 08.after_spike right: lists of numbers, neuron by neuron
def after_spike(h, s, v_threshold, v_reset):
    if h.dim() > 1:
        rows = [after_spike(a, b, v_threshold, v_reset) for a, b in zip(h, s)]
        return tuple([row[k] for row in rows] for k in range(3))
    v, dh, ds = [], [], []
    for a, b in zip(h.tolist(), s.tolist()):
        hard = v_reset is not None
        v.append((v_reset if b else a) if hard else a - b * v_threshold)
        dh.append(1.0 - b if hard else 1.0)
        ds.append(v_reset - a if hard else -v_threshold)
    return v, dh, ds


# %% 08.step_gradient wrong: tau in place of 1 - 1/tau
def step_gradient(h, s, slope, tau):
    return tau * (1 - s - h * slope)


# %% 08.step_gradient wrong: without a spike only the membrane, with one only the spike
def step_gradient(h, s, slope, tau):
    return (1 - 1 / tau) * (-h * slope if s else 1.0)


# %% 08.step_gradient wrong: the absolute value
def step_gradient(h, s, slope, tau):
    return abs((1 - 1 / tau) * (1 - s - h * slope))


# %% 08.step_gradient right: plain numbers and branches
def step_gradient(h, s, slope, tau):
    direct = 0.0 if s else 1.0
    return float((tau - 1) * (direct - h * slope) / tau)


# %% 08.triangle wrong: the slope of one half only, doubled
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return 2 * (1 - x).clamp(min=0) * (x >= 0)


# %% 08.triangle wrong: area 1/2, as if the width were 1
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (0.5 - x.abs()).clamp(min=0)


# %% 08.triangle wrong: a Python number comes back
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return max(0.0, 1.0 - float(x.abs().mean()))


# %% 08.triangle right: hat by two relus
class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return F.relu(x + 1) - 2 * F.relu(x) + F.relu(x - 1)


# %% 08.bptt wrong: x is scaled in place
def bptt(x, loss_slope, tau, slope):
    x /= tau
    T, v, hs, ss = len(x), 0.0, [], []
    for t in range(T):
        h = v * (1 - 1 / tau) + x[t]
        s = float(h >= 1)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), 0.0
    for t in reversed(range(T)):
        dh = dv * (1 - ss[t]) + (loss_slope[t] - dv * hs[t]) * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt wrong: the leak and the input share are exchanged
def bptt(x, loss_slope, tau, slope):
    T, v, hs, ss = len(x), 0.0, [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = float(h >= 1)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), 0.0
    for t in reversed(range(T)):
        dh = dv * (1 - ss[t]) + (loss_slope[t] - dv * hs[t]) * slope(hs[t] - 1)
        grad[t] = dh * (1 - 1 / tau)
        dv = dh / tau
    return grad


# %% 08.bptt wrong: the gradient of the loss by the spikes reaches h without the slope
def bptt(x, loss_slope, tau, slope):
    T, v, hs, ss = len(x), 0.0, [], []
    for t in range(T):
        h = v + (x[t] - v) / tau
        s = float(h >= 1)
        v = (1 - s) * h
        hs.append(h)
        ss.append(s)
    grad, dv = torch.zeros(T), 0.0
    for t in reversed(range(T)):
        dh = dv * (1 - ss[t]) + loss_slope[t] - dv * hs[t] * slope(hs[t] - 1)
        grad[t] = dh / tau
        dv = dh * (1 - 1 / tau)
    return grad


# %% 08.bptt right: backward by recursion
def bptt(x, loss_slope, tau, slope):
    grad = torch.zeros(len(x), dtype=torch.float64)

    def back(t, v):
        if t == len(x):
            return 0.0
        h = v + (x[t] - v) / tau
        s = (h >= 1) * 1.0
        later = back(t + 1, (1 - s) * h)
        dh = (loss_slope[t] - later * h) * slope(h - 1) + later * (1 - s)
        grad[t] = dh / tau
        return dh - dh / tau

    back(0, torch.tensor(0.0))
    return grad.numpy()
