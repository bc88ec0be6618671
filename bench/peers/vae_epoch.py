"""Epochs of InfoVAE training in PyTorch, minibatch gathering included: the peer of bench/cases/vae-epoch.ts.

usage: vae_epoch.py DATASET THREADS EPOCHS eager|compile  ->  {"secondsPerEpoch": …, "spectra": …, "library": …}
DATASET is a Lightfold dataset folder; weights are its inverse variances with the pixel S/N capped at 50.
"""
import glob
import json
import statistics
import sys
import time

import numpy as np
import torch
from vae_network import BATCH, training_step

DATASET, THREADS, EPOCHS, MODE = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
torch.set_num_threads(THREADS)
torch.manual_seed(0)


def shards(kind):
    return np.concatenate([np.load(name) for name in sorted(glob.glob(f"{DATASET}/{kind}-*.npy"))])


flux, ivar = shards("flux"), shards("ivar")
weight = np.where(ivar > 0, 1 / (1 / np.maximum(ivar, 1e-30) + (flux / 50) ** 2), 0).astype("f4")
mean = (weight * flux).sum(0) / np.maximum(weight.sum(0), 1e-30)
x, w = torch.from_numpy(np.where(ivar > 0, flux - mean, 0).astype("f4")), torch.from_numpy(weight)
step = training_step(MODE)


def epoch():
    order = torch.randperm(len(x))
    for start in range(0, len(x) - BATCH + 1, BATCH):
        rows = order[start : start + BATCH]
        step(x[rows], w[rows])


epoch()
times = []
for _ in range(EPOCHS):
    start = time.perf_counter()
    epoch()
    times.append(time.perf_counter() - start)
print(json.dumps({"secondsPerEpoch": statistics.median(times), "spectra": len(x), "library": f"torch {torch.__version__} {MODE}"}))
