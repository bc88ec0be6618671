/** What tells whether somebody sits in front of a screen. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether what is printed goes to a terminal. */
  readonly terminal: boolean;
}

/** Whether a browser can be opened here: a terminal with a screen behind it, and no machine at work by itself. */
export function hasScreen({ platform, env, terminal }: Surroundings): boolean {
  const isSet = (name: string): boolean => (env[name] ?? '') !== '';
  if (!terminal || (isSet('CI') && env.CI !== 'false')) return false;
  if (platform === 'win32') return true;
  if (platform === 'darwin') return !isSet('SSH_CONNECTION');
  return isSet('DISPLAY') || isSet('WAYLAND_DISPLAY');
}

/** Opens an address in the browser where there is a screen; that it could not be opened is no error: it is printed, too. */
export async function openInBrowser(url: string): Promise<void> {
  if (!hasScreen({ platform: process.platform, env: process.env, terminal: process.stdout.isTTY === true })) return;
  try {
    const { default: open } = await import('open');
    const browser = await open(url);
    browser.once('error', () => undefined);
  } catch {
    // No browser is installed: the reader has the address.
  }
}
