"""The shared GPLVM (Lalchand & Eilers 2025) on GPyTorch, put together as the library's GPLVM tutorial does.

One latent point per object feeds two views, spectra and labels. Each view has one ARD kernel, and for every column a
constant mean, a Gaussian q(u) with a full Cholesky factor, and a noise; both views share the inducing points.
N objects, D columns of a view, Q latents, M inducing points. Unobserved numbers are NaN.
"""
import math
import resource

import gpytorch
import numpy as np
import torch
from gpytorch.distributions import MultivariateNormal
from gpytorch.kernels import RBFKernel, ScaleKernel
from gpytorch.likelihoods import GaussianLikelihood
from gpytorch.means import ConstantMean
from gpytorch.mlls import VariationalELBO
from gpytorch.models import ApproximateGP
from gpytorch.models.gplvm.latent_variable import PointLatentVariable
from gpytorch.variational import CholeskyVariationalDistribution, VariationalStrategy

LATENTS, INDUCING, BATCH, RATE = 10, 120, 128, 1e-3
LIBRARY = f"gpytorch {gpytorch.__version__} on torch {torch.__version__}"


class View(ApproximateGP):
    """D independent Gaussian processes over the latent space with one kernel."""

    def __init__(self, inducing, columns):
        shape = torch.Size([columns])
        distribution = CholeskyVariationalDistribution(len(inducing), batch_shape=shape)
        super().__init__(VariationalStrategy(self, inducing, distribution, learn_inducing_locations=True))
        self.mean_module = ConstantMean(batch_shape=shape)
        self.covar_module = ScaleKernel(RBFKernel(ard_num_dims=inducing.shape[-1]))
        # Points of unit variance lie some √(2Q) apart: with the library's 0.7 no two would be correlated, and the
        # training would begin with hundreds of steps that find this out.
        self.covar_module.base_kernel.lengthscale = inducing.shape[-1] ** 0.5
        self.likelihood = GaussianLikelihood(batch_shape=shape)

    def forward(self, z):
        return MultivariateNormal(self.mean_module(z), self.covar_module(z))


class SharedGPLVM(gpytorch.Module):
    """`tables`: the standardised training data of each view, N × D."""

    def __init__(self, tables, inducing=INDUCING, latents=LATENTS):
        super().__init__()
        objects = len(tables[0])
        start = principal_components(torch.cat(tables, 1), latents)
        points = torch.randn(inducing, latents)
        self.X = PointLatentVariable(objects, latents, torch.nn.Parameter(start))
        self.views = torch.nn.ModuleList(View(points, table.shape[1]) for table in tables)
        for view in self.views[1:]:
            view.variational_strategy.inducing_points = self.views[0].variational_strategy.inducing_points
        self.bounds = [VariationalELBO(view.likelihood, view, num_data=objects) for view in self.views]

    def loss(self, z, targets):
        """Minus the ELBO over N of the views for which `targets` holds a B × D table; None leaves a view out."""
        with gpytorch.settings.observation_nan_policy("fill"):
            return -sum(
                bound(view(z), target.T).sum()
                for bound, view, target in zip(self.bounds, self.views, targets)
                if target is not None
            )


def principal_components(table, count):
    """Scores of the mean-filled table, as in the tutorial, at unit variance as the kernels and the inducing points expect."""
    filled = torch.nan_to_num(table)
    _, _, v = torch.pca_lowrank(filled, q=count)
    scores = filled @ v
    return scores / scores.std(0)


def training_step(model, tables, rate=RATE):
    """A function that takes one Adam step on a random minibatch."""
    optimiser = torch.optim.Adam(model.parameters(), lr=rate, fused=True)
    objects = len(tables[0])
    model.train()

    def step():
        rows = torch.randperm(objects)[:BATCH]
        optimiser.zero_grad(set_to_none=True)
        loss = model.loss(model.X()[rows], [table[rows] for table in tables])
        loss.backward()
        optimiser.step()
        return loss

    return step


def placing_step(model, spectra, start, rate=RATE):
    """Latents of new objects, from their spectra alone, and a function that takes one Adam step on them.

    The model is frozen and in its evaluation mode, in which the library keeps what does not depend on the latents: the
    first call fills what it keeps, without a graph that a second backward pass would miss.
    """
    model.eval().requires_grad_(False)
    with torch.no_grad():
        model.loss(start, [spectra, None])
    latents = start.clone().requires_grad_()
    optimiser = torch.optim.Adam([latents], lr=rate)

    def step():
        optimiser.zero_grad(set_to_none=True)
        loss = model.loss(latents, [spectra, None])
        loss.backward()
        optimiser.step()
        return loss

    return latents, step


class Survey:
    """What bench/cases/gplvm.ts wrote: both views standardised by the training objects' columns."""

    def __init__(self, path):
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files}
        self.is_train, self.is_test = arrays["split"] == 0, arrays["split"] == 2
        spectra = np.where(arrays["ivar"] > 0, arrays["flux"], np.nan)
        labels = np.where(arrays["labelIvar"] > 0, arrays["labels"], np.nan)
        self.labels, self.truth = labels, arrays["truth"]
        self.label_mean = np.nanmean(labels[self.is_train], 0)
        self.label_scale = np.nanstd(labels[self.is_train], 0)
        self.spectra = tensor((spectra - np.nanmean(spectra[self.is_train], 0)) / np.nanstd(spectra[self.is_train], 0))
        self.train = [
            self.spectra[self.is_train],
            tensor((labels[self.is_train] - self.label_mean) / self.label_scale),
        ]

    def test_rows(self, count):
        return np.flatnonzero(self.is_test)[:count]


def tensor(array):
    return torch.from_numpy(np.ascontiguousarray(array, dtype="f4"))


def peak_memory():
    """Largest resident set of this process so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def nlpd(error, variance):
    return 0.5 * (np.log(2 * math.pi * variance) + error**2 / variance)
