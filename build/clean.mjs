// Empties dist/, so that a file that was moved or deleted in src/ does not live on there.
import { rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
