/** The room's only door: a server is nothing that a page could run. */
export { isLoopback } from './access.node.ts';
export { BUILT_PAGE, requireBuiltPage } from './page.node.ts';
export { createExplorerServer, type ExplorerServer, type ExplorerServerOptions } from './server.node.ts';
