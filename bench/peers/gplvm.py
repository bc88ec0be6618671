"""A training step, a placing step and the memory of the shared GPLVM on GPyTorch: the peer of bench/cases/gplvm.ts.

usage: gplvm.py SURVEY.npz THREADS STEPS PLACING_STEPS
  ->  {"msPerStep": …, "msPerPlacingStep": … of 100 objects, "trainingMemory": MiB, "peakMemory": MiB, …, "library": …}
"""
import json
import statistics
import sys
import time

import torch
from gplvm_model import LATENTS, LIBRARY, SharedGPLVM, Survey, peak_memory, placing_step, training_step

PLACED = 100
path, threads, steps, placing_steps = sys.argv[1], *map(int, sys.argv[2:5])
torch.set_num_threads(threads)
torch.manual_seed(0)
imported = peak_memory()
survey = Survey(path)


def median_milliseconds(step, count, warm_up):
    for _ in range(warm_up):
        step()
    times = []
    for _ in range(count):
        start = time.perf_counter()
        step()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


start = time.perf_counter()
model = SharedGPLVM(survey.train)
prepared = time.perf_counter() - start
step_ms = median_milliseconds(training_step(model, survey.train), steps, 5)
training_memory = peak_memory()
spectra = survey.spectra[survey.test_rows(PLACED)]
_, place = placing_step(model, spectra, torch.randn(len(spectra), LATENTS))
placing_ms = median_milliseconds(place, placing_steps, 3)
print(
    json.dumps(
        {
            "preparationSeconds": prepared,
            "msPerStep": step_ms,
            "msPerPlacingStep": placing_ms,
            "importedMemory": imported,
            "trainingMemory": training_memory,
            "peakMemory": peak_memory(),
            "library": LIBRARY,
        }
    )
)
