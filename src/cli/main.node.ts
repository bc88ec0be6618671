import { Command, CommanderError } from 'commander';
import { SOFTWARE_VERSION } from '../base/index.ts';
import { commands } from './commands/index.ts';
import { reportFailure } from './context.node.ts';

const program = new Command('lightfold')
  .description('Compact generative models of astronomical spectra and their physical labels.')
  .version(SOFTWARE_VERSION)
  .enablePositionalOptions();

for (const command of commands()) program.addCommand(command);
for (const command of [program, ...program.commands]) {
  command.exitOverride().configureOutput({
    outputError: (text, write) => write(`${oneSentence(text)}; see ${nameOf(command)} --help\n`),
  });
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  // Commander has already printed the sentence; usage mistakes are the user's to mend.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else reportFailure(error, process.argv.includes('--debug'));
}

/** Commander's `error: unknown option '--ou'\n(Did you mean --out?)` in the voice of all other errors. */
function oneSentence(text: string): string {
  return text
    .trim()
    .replace(/^error: /, 'lightfold: ')
    .replace(/\n\((.*)\)/, '; $1');
}

function nameOf(command: Command): string {
  return command === program ? 'lightfold' : `lightfold ${command.name()}`;
}
