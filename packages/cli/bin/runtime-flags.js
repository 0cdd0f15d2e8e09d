/**
 * What the pinned runtime is started with on a machine of so many processors (docs/decisions/0019). With two, V8's helpers take them
 * from the threads that work: a collection in the background held messages up for 30 ms. Can only be said at the start of a process.
 */
export function runtimeFlags(processors) {
  return processors <= 2 ? ['--single-threaded-gc'] : [];
}
