export type { Clustering } from './clustering.ts';
export { type HdbscanOptions, hdbscan } from './hdbscan/hdbscan.ts';
export { type KMeansOptions, kMeans } from './k-means.ts';
export { buildKdTree, type KdTree, type Points } from './kd-tree.ts';
export { localOutlierFactor } from './local-outlier-factor.ts';
export { nearestTo } from './nearest.ts';
export { silhouette } from './silhouette.ts';
