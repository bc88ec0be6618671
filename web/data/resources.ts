/** Fetches the resources of the protocol relative to the page, from a server or a folder of files alike. */
import type { z } from 'zod';
import { UserError } from '../../src/base/index.ts';
import { refusalSchema } from '../../src/explorer/index.ts';

/** What kind of bytes, so that gzipped ones are asked for by their name. */
export interface ResourceSite {
  readonly compressed: boolean;
}

/** @throws UserError saying what failed and how to mend it */
export async function fetchJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const response = await request(path);
  let value: unknown;
  try {
    value = await response.json();
  } catch {
    throw new UserError(`${path} is not JSON: the site is incomplete or another program answers here. Export it anew.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new UserError(
    `${path} does not say what this page expects${place} (${issue.message}): page and data are of different versions. ` +
      'Restart the explorer, or export the site anew.',
  );
}

/** @throws UserError saying what failed and how to mend it */
export async function fetchBytes(path: string, site: ResourceSite): Promise<Uint8Array> {
  const name = site.compressed ? `${path}.gz` : path;
  const response = await request(name);
  try {
    if (!site.compressed || response.body === null) return new Uint8Array(await response.arrayBuffer());
    const plain = response.body.pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(plain).arrayBuffer());
  } catch {
    throw new UserError(`${name} came incomplete or damaged; load the page anew.`);
  }
}

async function request(path: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(new URL(path, document.baseURI));
  } catch {
    throw new UserError(
      `${path} cannot be fetched: nothing answers. Start the explorer again with lightfold explore, or check the network.`,
    );
  }
  if (response.ok) return response;
  throw new UserError(await refusal(path, response));
}

async function refusal(path: string, response: Response): Promise<string> {
  try {
    const said = refusalSchema.safeParse(await response.json());
    if (said.success) return said.data.error;
  } catch {
    // Plain file servers answer with a page of their own; the status says enough.
  }
  if (response.status === 404) {
    return `${path} is not there: the site is incomplete. Export it anew, and copy all of its folder.`;
  }
  if (response.status === 401 || response.status === 403) {
    return 'The server wants its token: open the address exactly as lightfold explore printed it.';
  }
  return `${path} was refused (HTTP ${response.status}). Look at what the explorer printed, and start it again.`;
}
