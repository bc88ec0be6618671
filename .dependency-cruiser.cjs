/**
 * Who may import whom (docs/architecture.md). Every room may import `base`; everything else is listed here,
 * and a room's only door is its index.ts.
 */
const rooms = {
  base: [],
  io: [],
  graph: [],
  kernels: [],
  neighbours: [],
  plots: [],
  linalg: ['graph', 'kernels'],
  spectra: [],
  'spectra/surveys': ['io'],
  dataset: ['spectra', 'io'],
  simulation: ['spectra', 'io', 'dataset', 'linalg'],
  models: ['graph', 'linalg', 'kernels'],
  runs: ['io', 'models'],
  training: ['runs', 'models', 'dataset', 'graph', 'io', 'kernels'],
  inference: ['runs', 'models', 'dataset', 'spectra', 'graph', 'linalg', 'io'],
  // Of models, analysis takes the weights of the loss, the scatter beyond noise and PCA in memory; of plots, the shape of the data it prepares.
  analysis: ['inference', 'models', 'dataset', 'spectra', 'linalg', 'neighbours', 'plots'],
  // What a command does when it takes several rooms at once; cli and the library's index stand above it. Of models,
  // it takes their search spaces and the check of settings before long work begins.
  workflows: [
    'models',
    'analysis',
    'plots',
    'inference',
    'training',
    'runs',
    'simulation',
    'dataset',
    'spectra',
    'io',
    'explorer',
    'server',
  ],
  // In the page as in Node; what prepares an exhibit (index.node.ts) takes analysis, too.
  explorer: [
    'inference',
    'analysis',
    'neighbours',
    'runs',
    'dataset',
    'spectra',
    'spectra/surveys',
    'linalg',
    'graph',
    'io',
  ],
  server: ['explorer', 'inference', 'runs', 'dataset', 'io'],
};

const forbidden = [
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'tests-stay-out-of-the-product',
    severity: 'error',
    from: { pathNot: '\\.test\\.ts$' },
    to: { path: '\\.test\\.ts$' },
  },
  {
    name: 'rooms-have-one-door',
    comment:
      'Import another room through its index.ts, or index.node.ts and index.web.ts for what only Node or only WebAssembly can do.',
    severity: 'error',
    from: { path: '^src/([^/]+)/', pathNot: '\\.test\\.ts$' },
    to: {
      path: '^src/[^/]+/',
      pathNot: ['^src/$1/', '^src/[^/]+/index(\\.node|\\.web)?\\.ts$', '^src/spectra/surveys/index\\.ts$'],
    },
  },
  {
    name: 'graph-does-not-import-a-runtime',
    comment:
      'The ONNX runtime is handed to graph; only *.node.ts files name onnxruntime-node, only *.web.ts files onnxruntime-web.',
    severity: 'error',
    from: { path: '^src/', pathNot: '(\\.node\\.ts|\\.web\\.ts|\\.test\\.ts)$' },
    to: { path: 'onnxruntime-(node|web)' },
  },
];

for (const [room, allowed] of Object.entries(rooms)) {
  const nested = Object.keys(rooms).filter((other) => other.startsWith(`${room}/`));
  const own = `^src/${room}/`;
  const open = ['base', ...allowed, ...(room.includes('/') ? [room.split('/')[0]] : [])];
  forbidden.push({
    name: `${room.replace('/', '-')}-imports-only-what-it-may`,
    severity: 'error',
    from: { path: own, pathNot: ['\\.test\\.ts$', ...nested.map((other) => `^src/${other}/`)] },
    to: { path: '^src/', pathNot: [own, ...open.map((name) => `^src/${name}/`)] },
  });
}

module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs'] },
  },
};
