import { Command } from 'commander';
import { action, everywhere } from '../context.node.ts';

/** `lightfold info PATH`. */
export function infoCommand(): Command {
  const command = new Command('info')
    .description('describe a file, a dataset or a run')
    .argument('<path>', 'a FITS file, .npz file, table, dataset folder or run folder')
    .addHelpText('after', '\nExample:\n  lightfold info spec-0266-51602-0001.fits');
  return everywhere(command).action(
    action(async (_context, [path]) => {
      const { describePath } = await import('../../workflows/index.node.ts');
      const { kind, facts, lines } = await describePath(String(path));
      return { json: { kind, path: String(path), ...facts }, lines };
    }),
  );
}
