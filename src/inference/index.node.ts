/** The room's door to what needs Node. */
export { type OpenRunOptions, openRun } from './open-run.node.ts';
export { measureRedshifts, type RedshiftFiles, type RedshiftFilesOptions } from './redshift/redshift-files.node.ts';
