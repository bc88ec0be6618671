export * from './index';
export { adamShared, serve, serving, stopServing } from './threads';
