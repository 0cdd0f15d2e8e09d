/**
 * Where delays are measured, the server has been under the same load for this long: the first thousands of requests of a fresh
 * process are compiled while they are served, on the cores that serve them. Throughput is measured from the first request on.
 */
export const WARM_UP_SECONDS = 10;
