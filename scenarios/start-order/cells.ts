export type Variant = "waits" | "lazy" | "eager";

/** What is looked for in a run, once each. */
export type Moment =
  | "dapr starts"
  /**
   * daprd's metadata names the component `blob`. That its port is open or that its outbound health answers 204 says less:
   * a daprd whose component failed does both for some 70 ms before it exits.
   */
  | "dapr serves"
  | "dapr exits"
  | "main starts"
  | "main listens"
  | "main exits"
  /** The cron binding's first delivery that main answered with success, so that its blob was written. */
  | "first tick";

/**
 * When a container is started: by the schedule, in milliseconds, or by hand as soon as something was seen.
 * `main is up`: lazy main listens, the others have begun to wait for the sidecar.
 */
export type StartTime = number | "storage listens" | "dapr starts" | "dapr serves" | "main is up";

/** In the order of the starts. */
export type Starts = Readonly<Record<"storage" | "dapr" | "main", StartTime>>;

export type Outcome =
  /** Ready: ticks and blobs follow. */
  | { readonly site: "works" }
  /**
   * The platform cancels the start because one of these containers ended (A3.3): CONTAINER_EXITED_DURING_START.
   */
  | { readonly site: "cancelled"; readonly by: readonly ("dapr" | "main")[] }
  /** Main answered the warm-up, and daprd died afterwards: NOT_READY. */
  | { readonly site: "started, no Dapr" };

export interface Cell {
  readonly order: string;
  readonly variant: Variant;
  readonly starts: Starts;
  readonly outcome: Outcome;
  /** All moments of the run until the outcome, in their order. What is not named must not have happened. */
  readonly moments: readonly Moment[];
}

type Expected = Pick<Cell, "outcome" | "moments">;

const works = (...moments: readonly Moment[]): Expected => ({
  outcome: { site: "works" },
  moments: [...moments, "first tick"],
});
const cancelled = (...moments: readonly Moment[]): Expected => ({
  outcome: { site: "cancelled", by: [moments.at(-1) === "main exits" ? "main" : "dapr"] },
  moments,
});
/**
 * Eager main may die of the dying daprd: of its tries, each 500 ms, one may fall into the 70 ms in which that daprd answers,
 * and then the send that follows fails. Whose end the platform sees first is open; that main does not start is not.
 */
const cancelledWithMain = (...moments: readonly Moment[]): Expected => ({
  outcome: { site: "cancelled", by: ["dapr", "main"] },
  moments,
});
const startedWithoutDapr = (...moments: readonly Moment[]): Expected => ({
  outcome: { site: "started, no Dapr" },
  moments,
});

/**
 * Every order, and what each variant of main must do in it. What must be up before the next one starts is waited for, so
 * that a busy machine makes a cell longer and not another one. Times stand where being late is the point:
 * - storage 30 s after daprd: beyond daprd's 5 s init limit (daprd.md §1.3), also where daprd is started late;
 * - the sidecar 45 s after main: 35 s after the client's first try, which a busy machine may make 10 s late.
 */
const orders: readonly {
  readonly starts: Starts;
  readonly cells: Readonly<Partial<Record<Variant, Expected>>>;
}[] = [
  {
    // First, because it takes longest: the client gives up 30.7 s after its first try (daprd.md §5), and main with it;
    // the sidecar is not started any more.
    starts: { storage: 0, main: 0, dapr: 45_000 },
    cells: { eager: cancelled("main starts", "main exits") },
  },
  {
    starts: { storage: 0, dapr: "storage listens", main: "dapr serves" },
    cells: {
      waits: works("dapr starts", "dapr serves", "main starts", "main listens"),
      lazy: works("dapr starts", "dapr serves", "main starts", "main listens"),
      eager: works("dapr starts", "dapr serves", "main starts", "main listens"),
    },
  },
  {
    starts: { storage: 0, main: "storage listens", dapr: "main is up" },
    cells: {
      waits: works("main starts", "dapr starts", "dapr serves", "main listens"),
      lazy: works("main starts", "main listens", "dapr starts", "dapr serves"),
      // The client's own wait does what the other entrypoint's does, up to 30.7 s.
      eager: works("main starts", "dapr starts", "dapr serves", "main listens"),
    },
  },
  {
    starts: { main: 0, storage: "main is up", dapr: "storage listens" },
    cells: {
      waits: works("main starts", "dapr starts", "dapr serves", "main listens"),
      lazy: works("main starts", "main listens", "dapr starts", "dapr serves"),
      eager: works("main starts", "dapr starts", "dapr serves", "main listens"),
    },
  },
  {
    // daprd's end cancels the start before main's time has come, so all variants are alike.
    starts: { dapr: 0, storage: 30_000, main: 31_000 },
    cells: {
      waits: cancelled("dapr starts", "dapr exits"),
      lazy: cancelled("dapr starts", "dapr exits"),
      eager: cancelled("dapr starts", "dapr exits"),
    },
  },
  {
    starts: { dapr: 0, main: "dapr starts", storage: 30_000 },
    cells: {
      waits: cancelled("dapr starts", "main starts", "dapr exits"),
      lazy: startedWithoutDapr("dapr starts", "main starts", "main listens", "dapr exits"),
      eager: cancelledWithMain("dapr starts", "main starts", "dapr exits"),
    },
  },
  {
    // Storage's 30 s after daprd, and 15 s for main to be up.
    starts: { main: 0, dapr: "main is up", storage: 45_000 },
    cells: {
      waits: cancelled("main starts", "dapr starts", "dapr exits"),
      lazy: startedWithoutDapr("main starts", "main listens", "dapr starts", "dapr exits"),
      eager: cancelledWithMain("main starts", "dapr starts", "dapr exits"),
    },
  },
];

/** The table: a cell for each order and variant, and *eager* with the sidecar 35 s late. */
export const cells: readonly Cell[] = orders.flatMap(({ starts, cells: byVariant }) =>
  (["waits", "lazy", "eager"] as const).flatMap((variant) => {
    const expected = byVariant[variant];
    return expected === undefined ? [] : [{ order: describeOrder(starts), variant, starts, ...expected }];
  }),
);

/** Short, for the tests' names; when the others are started is in the table above. */
function describeOrder(starts: Starts): string {
  return Object.entries(starts)
    .map(([container, when]) =>
      typeof when === "number" && when > 0 ? `${container} at ${when / 1000} s` : container,
    )
    .join(" → ");
}
