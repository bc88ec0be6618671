"""Open a Lightfold dataset in Python: python examples/open_dataset.py DATASET (needs numpy and pyarrow or pandas)."""
import json, pathlib, sys
import numpy as np
import pyarrow.parquet

folder = pathlib.Path(sys.argv[1])
manifest = json.loads((folder / "manifest.json").read_text())
catalogue = pyarrow.parquet.read_table(folder / "catalogue.parquet")  # or pandas.read_parquet: id, z, class, snr, split, ...
wave = np.load(folder / "wavelength.npy")  # rest-frame vacuum Angstrom
flux = [np.load(folder / name, mmap_mode="r") for name in manifest["shards"]["flux"]]  # rows as in the catalogue
ivar = [np.load(folder / name, mmap_mode="r") for name in manifest["shards"]["ivar"]]  # 0 = not observed
weight = sum(shard.sum(axis=0) for shard in ivar)
mean = sum((f * w).sum(axis=0) for f, w in zip(flux, ivar)) / np.where(weight > 0, weight, 1)
print(f"{len(catalogue)} objects, {len(wave)} pixels from {wave[0]:.0f} to {wave[-1]:.0f} A, {manifest['normalisation']}")
print(catalogue.select(["id", "z", "class", "snr", "split"]).slice(0, 3).to_pylist())
print("weighted mean flux at the middle pixel:", float(mean[len(wave) // 2]))
