"""One InfoVAE training step in PyTorch: the peer of bench/cases/vae-step.ts.

usage: vae_step.py THREADS STEPS eager|compile   ->  {"msPerStep": …, "library": "torch …"}
"""
import json
import statistics
import sys
import time

import torch
from vae_network import BATCH, PIXELS, training_step

THREADS, STEPS, MODE = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
torch.set_num_threads(THREADS)
torch.manual_seed(0)
step = training_step(MODE)
x, w = torch.randn(BATCH, PIXELS) * 0.1, torch.full((BATCH, PIXELS), 200.0)

for _ in range(20):
    step(x, w)
times = []
for _ in range(STEPS):
    start = time.perf_counter()
    step(x, w)
    times.append(1e3 * (time.perf_counter() - start))
print(json.dumps({"msPerStep": statistics.median(times), "library": f"torch {torch.__version__} {MODE}"}))
