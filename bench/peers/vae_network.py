"""The InfoVAE of the VAE paper (1000-703-94-6-94-703-1000, eq. 12 and 13) and its training step in PyTorch."""
import torch
from torch import nn

PIXELS, HIDDEN, LATENTS, BATCH, PRIOR, LAMBDA = 1000, (703, 94), 6, 64, 200, 3.02


class InfoVAE(nn.Module):
    def __init__(self):
        super().__init__()
        h1, h2 = HIDDEN
        self.encoder = nn.Sequential(nn.Linear(PIXELS, h1), nn.ReLU(), nn.Linear(h1, h2), nn.ReLU())
        self.mean = nn.Linear(h2, LATENTS)
        self.log_variance = nn.Linear(h2, LATENTS)
        self.decoder = nn.Sequential(
            nn.Linear(LATENTS, h2), nn.ReLU(), nn.Linear(h2, h1), nn.ReLU(), nn.Linear(h1, PIXELS)
        )

    def forward(self, x, w, noise, prior):
        code = self.encoder(x)
        mean, log_variance = self.mean(code), self.log_variance(code)
        z = mean + torch.exp(0.5 * log_variance) * noise
        misfit = 0.5 * (w * (self.decoder(z) - x) ** 2).sum()
        kl = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum()
        return misfit + kl + (LAMBDA - 1) * BATCH * LATENTS * mmd(z, prior)


def kernel_mean(a, b):
    return torch.exp(-((a[:, None] - b[None]) ** 2).sum(-1) / LATENTS).mean()


def mmd(u, v):
    return kernel_mean(u, u) - 2 * kernel_mean(u, v) + kernel_mean(v, v)


def training_step(mode):
    """A function that takes one Adam step on a batch; `mode` is eager or compile."""
    model = InfoVAE()
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    loss_of = torch.compile(model) if mode == "compile" else model

    def step(x, w):
        optimiser.zero_grad(set_to_none=True)
        loss = loss_of(x, w, torch.randn(len(x), LATENTS), torch.randn(PRIOR, LATENTS)) / BATCH
        loss.backward()
        optimiser.step()
        return loss

    return step
