"""Encodes a Lightfold dataset with this folder's ONNX files: python example.py DATASET [LATENTS.csv]

Needs numpy, pyarrow and onnxruntime; Lightfold itself is not needed.
"""
import csv
import glob
import json
import pathlib
import sys

import numpy as np
import onnxruntime
import pyarrow.parquet

here, dataset = pathlib.Path(__file__).parent, sys.argv[1]
out = sys.argv[2] if len(sys.argv) > 2 else "latents.csv"
encoder = onnxruntime.InferenceSession(str(here / "encoder.onnx"))
decoder = onnxruntime.InferenceSession(str(here / "decoder.onnx"))


def shards(kind):
    """The rows of flux-0000.npy, flux-0001.npy, …, mapped into memory."""
    return [np.load(name, mmap_mode="r") for name in sorted(glob.glob(f"{dataset}/{kind}-*.npy"))]


ids = pyarrow.parquet.read_table(f"{dataset}/catalogue.parquet", columns=["id"])["id"].to_pylist()
means, deviations = [], []
for flux, ivar in zip(shards("flux"), shards("ivar")):
    for start in range(0, len(flux), 1024):
        spectra = {"flux": flux[start : start + 1024], "ivar": ivar[start : start + 1024]}  # ivar = 0: not observed
        mean, covariance = encoder.run(["latentMean", "latentCovariance"], spectra)
        means.append(mean)
        deviations.append(np.sqrt(np.diagonal(covariance, axis1=1, axis2=2)))
mean, deviation = np.concatenate(means), np.concatenate(deviations)

rebuilt, scatter = decoder.run(["flux", "fluxVariance"], {"latent": mean[:5]})
print(f"encoded {len(mean)} spectra into {mean.shape[1]} latents; rebuilt {len(rebuilt)} of them on {rebuilt.shape[1]} pixels")

if (here / "joint-encoder.onnx").exists():  # latents from spectra and measured labels together
    names = json.loads((here / "labels.json").read_text())
    columns = pyarrow.parquet.read_table(f"{dataset}/catalogue.parquet").to_pydict()
    empty = [None] * len(ids)
    value = np.array([columns.get(name, empty) for name in names], dtype=np.float32).T[:5]
    error = np.array([columns.get(f"{name}_err", empty) for name in names], dtype=np.float32).T[:5]
    measured = np.isfinite(value)  # labelIvar = 0: not measured, as for pixels
    feeds = {
        "flux": shards("flux")[0][:5],
        "ivar": shards("ivar")[0][:5],
        "label": np.where(measured, value, 0).astype(np.float32),
        "labelIvar": np.where(measured, error, np.inf).astype(np.float32) ** -2,
    }
    joint = onnxruntime.InferenceSession(str(here / "joint-encoder.onnx"))
    (joint_mean,) = joint.run(["latentMean"], feeds)
    (labels,) = decoder.run(["labelMean"], {"latent": joint_mean})
    print(f"from spectra and labels together: {', '.join(names)} of {ids[0]} are {labels[0].round(3).tolist()}")

numbers = range(1, mean.shape[1] + 1)
with open(out, "w", newline="") as file:
    table = csv.writer(file)
    table.writerow(["id", *(f"z{q}" for q in numbers), *(f"sd{q}" for q in numbers)])
    table.writerows([name, *z, *sd] for name, z, sd in zip(ids, mean.tolist(), deviation.tolist()))
