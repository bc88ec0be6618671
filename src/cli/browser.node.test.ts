import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasScreen } from './browser.node.ts';

describe('a browser is opened', () => {
  const desk = { platform: 'linux', env: { DISPLAY: ':0' }, terminal: true } as const;

  it('where a terminal has a screen behind it', () => {
    assert.ok(hasScreen(desk));
    assert.ok(hasScreen({ ...desk, env: { WAYLAND_DISPLAY: 'wayland-0', CI: 'false' } }));
    assert.ok(hasScreen({ ...desk, platform: 'darwin', env: {} }));
    assert.ok(hasScreen({ ...desk, platform: 'win32', env: {} }));
  });

  it('neither without a screen, nor from scripts, nor on machines that work by themselves', () => {
    assert.ok(!hasScreen({ ...desk, env: {} }));
    assert.ok(!hasScreen({ ...desk, env: { DISPLAY: '' } }));
    assert.ok(!hasScreen({ ...desk, terminal: false }));
    assert.ok(!hasScreen({ ...desk, env: { DISPLAY: ':0', CI: 'true' } }));
    assert.ok(!hasScreen({ ...desk, platform: 'darwin', env: { SSH_CONNECTION: '192.0.2.1 22' } }));
  });
});
