/** Methods of a reader or a writer that tell what it has done, and ask the site nothing. */
export const toldByWorker: ReadonlySet<string | symbol> = new Set(['requests', 'waits']);
