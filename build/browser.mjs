// The browser that drives the explorer's page in tests: what is on the machine, or else Debian's package.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a Chromium, or null. LIGHTFOLD_CHROMIUM names one that is elsewhere. */
export function findChromium() {
  const named = process.env.LIGHTFOLD_CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter).concat('/usr/bin');
  const candidates = [
    ...(named ? [named] : []),
    ...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))),
  ];
  return candidates.find((path) => existsSync(path)) ?? null;
}

/** Installs Debian's chromium where there is none and the machine lets us; tests that need it skip where that fails. */
export function requireChromium() {
  if (findChromium() !== null || process.platform !== 'linux' || process.getuid?.() !== 0) return;
  console.error('no Chromium is here; installing the package chromium for the tests of the page');
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  const updated = spawnSync('apt-get', ['update', '-qq'], options);
  if (updated.status !== 0) return;
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
}
