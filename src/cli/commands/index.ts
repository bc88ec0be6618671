import type { Command } from 'commander';
import { clustersCommand } from './clusters.node.ts';
import { compareCommand } from './compare.node.ts';
import { demoCommand } from './demo.node.ts';
import { doctorCommand } from './doctor.node.ts';
import { encodeCommand } from './encode.node.ts';
import { evaluateCommand } from './evaluate.node.ts';
import { exploreCommand } from './explore.node.ts';
import { exportCommand } from './export.node.ts';
import { figuresCommand } from './figures.node.ts';
import { generateCommand } from './generate.node.ts';
import { importCommand } from './import.node.ts';
import { infoCommand } from './info.node.ts';
import { linesCommand } from './lines.node.ts';
import { noiseCommand } from './noise.node.ts';
import { outliersCommand } from './outliers.node.ts';
import { predictCommand } from './predict.node.ts';
import { projectCommand } from './project.node.ts';
import { reconstructCommand } from './reconstruct.node.ts';
import { redshiftCommand } from './redshift.node.ts';
import { searchCommand } from './search.node.ts';
import { simulateCommand } from './simulate.node.ts';
import { tracksCommand } from './tracks.node.ts';
import { trainCommand } from './train.node.ts';

/** Every command, in the order of the help page. */
export function commands(): Command[] {
  return [
    demoCommand(),
    simulateCommand(),
    importCommand(),
    trainCommand(),
    searchCommand(),
    compareCommand(),
    evaluateCommand(),
    encodeCommand(),
    reconstructCommand(),
    predictCommand(),
    generateCommand(),
    noiseCommand(),
    tracksCommand(),
    projectCommand(),
    linesCommand(),
    outliersCommand(),
    clustersCommand(),
    redshiftCommand(),
    figuresCommand(),
    exploreCommand(),
    exportCommand(),
    infoCommand(),
    doctorCommand(),
  ];
}
