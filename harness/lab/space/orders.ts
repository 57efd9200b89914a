import type { Random } from "../../shared/random.ts";

/** Of more containers than this the orders are too many to try them all: 5 have 120, 10 have 3.6 million. */
export const MOST_CONTAINERS_IN_ALL_ORDERS = 4;

/** Every order, the given one first. */
export function allOrders(names: readonly string[]): readonly (readonly string[])[] {
  if (names.length <= 1) return [names];
  return names.flatMap((name) =>
    allOrders(names.filter((other) => other !== name)).map((rest) => [name, ...rest]),
  );
}

/**
 * Some of the orders: with each container first and last, each two of them in both orders, and as many further ones as
 * wanted. The rotations of the given order and of its reverse have all that.
 * @param count how many; never fewer than the two for each container that the rules need.
 */
export function coveringOrders(
  names: readonly string[],
  count: number,
  random: Random,
): readonly (readonly string[])[] {
  const orders = new Map(
    [...rotations(names), ...rotations(names.toReversed())].map((order) => [order.join(" "), order]),
  );
  while (orders.size < count) {
    const order = random.shuffled(names);
    orders.set(order.join(" "), order);
  }
  return [...orders.values()];
}

/** Each container first once, the others behind it in turn. */
function rotations(order: readonly string[]): readonly (readonly string[])[] {
  return order.map((_, index) => [...order.slice(index), ...order.slice(0, index)]);
}
