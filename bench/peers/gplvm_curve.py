"""The training curve of the shared GPLVM on GPyTorch: how well the labels of unseen objects come out after how many steps.

usage: gplvm_curve.py SURVEY.npz THREADS STEPS RATE EVERY CURVES.json

Prints a JSON line every EVERY steps (progress goes to stderr) and keeps CURVES.json up to date, so that a run may be stopped at any moment; runs
with other settings that are already in the file stay there. Seconds are of training alone: placing is not counted.
"""
import datetime
import json
import os
import platform
import sys
import time
from pathlib import Path

import numpy as np
import torch
from gplvm_model import BATCH, INDUCING, LATENTS, LIBRARY, SharedGPLVM, Survey, nlpd, placing_step, training_step

HELD_OUT = 200
PLACING_RATE = 1e-2
# Placed when this many steps change the objective by less than a thousandth of its size.
WINDOW, TOLERANCE, MOST_STEPS = 20, 1e-3, 400


def main(survey_file, threads, steps, rate, every, curves_file):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    survey = Survey(survey_file)
    model = SharedGPLVM(survey.train)
    step = training_step(model, survey.train, rate)
    run = describe(survey, f"{Path(survey_file).name} {threads} {steps} {rate:g} {every}", rate)
    losses, wall, cpu = [], 0.0, 0.0
    for count in range(1, steps + 1):
        wall_before, cpu_before = time.perf_counter(), time.process_time()
        losses.append(step().item())
        wall += time.perf_counter() - wall_before
        cpu += time.process_time() - cpu_before
        if count % 25 == 0:
            print(count, f"{np.mean(losses[-25:]):.2f}", f"{cpu:.0f} s of CPU", file=sys.stderr, flush=True)
        if count % every == 0 or count == steps:
            point = {"step": count, "loss": float(np.mean(losses)), "wallSeconds": wall, "cpuSeconds": cpu}
            point.update(held_out_scores(model, survey))
            losses = []
            print(json.dumps(point), flush=True)
            run["points"].append(point)
            keep(Path(curves_file), run)


def held_out_scores(model, survey):
    """Of the first test objects, placed by their spectra: RMSE of each label about its truth, and NLPD about its
    measurement, whose noise the likelihood has learnt; in units of the training labels' scatter, `nlpd` per label."""
    rows = survey.test_rows(HELD_OUT)
    with torch.random.fork_rng():
        # A model of its own: what the library keeps in evaluation mode cannot get into the training.
        frozen = SharedGPLVM(survey.train)
        frozen.load_state_dict(model.state_dict())
    spectra = survey.spectra[rows]
    latents, step = placing_step(frozen, spectra, nearest_latents(frozen, survey, spectra), PLACING_RATE)
    objective = [step().item()]
    while len(objective) <= MOST_STEPS:
        objective += [step().item() for _ in range(WINDOW)]
        if abs(objective[-1] - objective[-1 - WINDOW]) < TOLERANCE * abs(objective[-1]):
            break
    print(*(f"{value:.1f}" for value in objective[::WINDOW]), file=sys.stderr, flush=True)
    with torch.no_grad():
        view = frozen.views[1]
        predicted = view.likelihood(view(latents))
        mean, variance = predicted.mean.T.double().numpy(), predicted.variance.T.double().numpy()
    error = mean - (survey.truth[rows] - survey.label_mean) / survey.label_scale
    measured = mean - (survey.labels[rows] - survey.label_mean) / survey.label_scale
    rmse = np.sqrt(np.mean(error**2, 0))
    return {
        "placingSteps": len(objective),
        "placingObjective": objective[-1],
        "scaledRmse": float(np.sqrt(np.mean(error**2))),
        "rmse": (rmse * survey.label_scale).tolist(),
        "nlpd": float(np.nanmean(nlpd(measured, variance))),
    }


def nearest_latents(model, survey, spectra):
    """Latents of the training objects whose spectra are most alike in the pixels that both have."""
    train, own = survey.train[0], torch.nan_to_num(spectra)
    seen, own_seen = (~torch.isnan(train)).float(), (~torch.isnan(spectra)).float()
    filled = torch.nan_to_num(train)
    distance = (own**2) @ seen.T - 2 * own @ filled.T + own_seen @ (filled**2).T
    nearest = (distance / (own_seen @ seen.T).clamp(min=1)).argmin(1)
    return model.X().detach()[nearest]


def describe(survey, settings, rate):
    return {
        "command": f"gplvm_curve.py {settings}",
        "machine": f"{os.cpu_count()} × {processor()}",
        "date": datetime.date.today().isoformat(),
        "library": LIBRARY,
        "batch": BATCH,
        "inducing": INDUCING,
        "latents": LATENTS,
        "rate": rate,
        "labelScale": survey.label_scale.tolist(),
        "points": [],
    }


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def keep(path, run):
    runs = json.loads(path.read_text()) if path.exists() else []
    others = [other for other in runs if other["command"] != run["command"]]
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps([*others, run], indent=1, ensure_ascii=False) + "\n")
    unfinished.replace(path)


if __name__ == "__main__":
    survey_file, threads, steps, rate, every, curves_file = sys.argv[1:]
    main(survey_file, int(threads), int(steps), float(rate), int(every), curves_file)
