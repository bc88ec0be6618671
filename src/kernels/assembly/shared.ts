export * from './index';
export { serve, serving, share, stopServing } from './threads';
