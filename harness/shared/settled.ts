/** Like Promise.all, but nothing is still under way when it rejects: what was made or found by then is known to whoever asked. */
export async function settled<T extends readonly unknown[]>(promises: {
  [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  await Promise.allSettled(promises);
  // Each is settled now, so this only hands out the values or the first failure.
  return await Promise.all(promises);
}
