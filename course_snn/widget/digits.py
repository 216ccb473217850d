"""Ten small digits to encode: of each class of scikit-learn's load_digits the one nearest to the mean.

Source: Alpaydin & Kaynak 1998, Optical Recognition of Handwritten Digits, UCI, CC BY 4.0.
"""

import torch

DIGITS = (  # 8 x 8 pixels in row order, one character each: 0 … 9, a … g for 0 … 16
    "002e910001ccb80004e10d3008d00a6005g1089000g00b9000dbaf40003fg500",
    "006a8300006gg900009gg600007gga0000bgg800007gg90000agg6000049cb20",
    "01cg50000bggd0000765e2000000c3000004d000001d500000aga84000dfgc70",
    "006cga0004f8ce000000d8000006e1000005f80000002f5000145f80005ge910",
    "0007g200000fb00000be650004g7ed200agdgga008fega100009g1000009f100",
    "019ggf3008gc883006g9300008ggg4000364db0000008d000058fa0000bgb100",
    "001d7000007e200000d5000000g3000003gacc3003gb59c001db4db0001cgb20",
    "003gcc7000cddg6000206e000014da10009ggg80004cc710000e6000004g2000",
    "003dd30002eccb0004g85f3001deg70000bgd10001gcde1000dd9g70003dga10",
    "004dd40000gaa80000e76b00006ffg2000000b500000079001446ca0016bfc10",
)


def digit(label: int) -> list[int]:
    """The picture of a digit 0 … 9 as 64 grey values 0 … 16 in row order."""
    return [int(character, 17) for character in DIGITS[label]]


def pictures() -> torch.Tensor:
    """All ten digits, [10, 8, 8], in [0, 1]."""
    return torch.tensor([digit(label) for label in range(10)]).reshape(10, 8, 8) / 16
