/**
 * Where the parts of the way to storage listen at storage's address: above the kernel's range of ephemeral ports, where no
 * site's container is expected. Clients know only 443 and 53 of that address; packet rules lead them here. A part that
 * listened on 443 or 53 itself would take that port from a container that listens on all addresses.
 */
export const PATH_PORTS = {
  /** The name server. */
  names: 61_053,
  /** Toxiproxy's way straight to storage. */
  direct: 61_443,
  /** Toxiproxy's way through the storage front. */
  front: 61_444,
  /** The storage front itself. */
  answers: 61_445,
  /** Toxiproxy's own interface. */
  control: 61_474,
} as const;
