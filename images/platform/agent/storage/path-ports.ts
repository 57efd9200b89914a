/**
 * Where the parts of the way to storage listen at storage's address: below the kernel's range of ephemeral ports, which are
 * anybody's, and below those that daprd takes for its internal gRPC server, 47300 to 65534 by a hash of its host name
 * (daprd.md §6): one that it finds taken ends it. Clients know only 443 and 53 of that address; packet rules lead them here. A part that
 * listened on 443 or 53 itself would take that port from a container that listens on all addresses.
 */
export const PATH_PORTS = {
  /** The name server. */
  names: 25_053,
  /** Toxiproxy's way straight to storage. */
  direct: 25_443,
  /** Toxiproxy's way through the storage front. */
  front: 25_444,
  /** The storage front itself. */
  answers: 25_445,
  /** Toxiproxy's own interface. */
  control: 25_474,
} as const;
