"""What several exercises of chapter 08 share."""

import torch

X = torch.tensor([-1.5, -0.5, 0.0, 0.3, 1.0])
