import type { AgentStorage } from "../../../../harness/platform/agent-protocol.ts";
import { isAnswerFailure, type StorageFailure } from "../../../../harness/platform/storage-failure.ts";
import type { Reporter } from "../report.ts";
import { NameServer } from "./name-server.ts";
import { applyPacketRules, type PacketRules } from "./packet-rules.ts";
import { PATH_PORTS } from "./path-ports.ts";
import { takeOverResolver } from "./resolver-file.ts";
import { StorageFront } from "./storage-front.ts";
import { Toxiproxy, type Proxy } from "./toxiproxy.ts";
import { toxicsOf, type Toxic } from "./toxics.ts";

const WAYS = ["direct", "front"] as const;

/** What stands on the way to storage, as far as it differs from moment to moment. */
interface Standing {
  readonly listening: boolean;
  readonly rules: PacketRules;
  /** By name. */
  readonly toxics: ReadonlyMap<string, Toxic>;
}

const CLOSED: Standing = {
  listening: false,
  rules: { way: "direct", dropped: false, resetOlder: false },
  toxics: new Map(),
};

/**
 * The way from the namespace to the site's storage: the accounts' names, an address, a gate, and the failures on it.
 *
 * Connections go to port 443 of the address; packet rules lead them to Toxiproxy, which goes straight to storage, or, while single
 * answers are to fail, through the {@link StorageFront}. Requests must come one after the other.
 */
export class StoragePath {
  readonly #storage: AgentStorage;
  readonly #reporter: Reporter;
  readonly #resolverFile: string;
  readonly #toxiproxy: Toxiproxy;
  readonly #front: StorageFront;
  readonly #faults = new Map<string, StorageFailure>();
  #names: NameServer | undefined;
  #open = false;
  #standing = CLOSED;
  /** One change of what stands there after the other. */
  #changes: Promise<void> = Promise.resolve();

  /** @param options.resolverFile default: the namespace's. */
  constructor(
    storage: AgentStorage,
    reporter: Reporter,
    { resolverFile = "/etc/resolv.conf" }: { readonly resolverFile?: string } = {},
  ) {
    this.#resolverFile = resolverFile;
    const { address } = storage;
    this.#storage = storage;
    this.#reporter = reporter;
    this.#front = new StorageFront({ storage, port: PATH_PORTS.answers, reporter });
    this.#toxiproxy = new Toxiproxy({
      address,
      port: PATH_PORTS.control,
      onEnd: (how) => this.#startAgain(how),
    });
  }

  /** Names are resolved and connections refused when this resolves. @throws {Error} what can't be had. */
  async start(): Promise<void> {
    const { address } = this.#storage;
    await Promise.all([applyPacketRules(address, CLOSED.rules), this.#serveNames(), this.#startToxiproxy()]);
  }

  async gate(open: boolean): Promise<void> {
    this.#open = open;
    await this.#change();
  }

  async fail(fault: string, failure: StorageFailure): Promise<void> {
    this.#faults.set(fault, failure);
    if (isAnswerFailure(failure)) this.#front.fail(fault, failure);
    await this.#change();
  }

  async heal(fault: string): Promise<void> {
    this.#faults.delete(fault);
    this.#front.heal(fault);
    await this.#change();
  }

  /** As {@link start} left it: what is healed is healed before the gate is, so that nothing passes in between. */
  async reset(): Promise<void> {
    await this.gate(false);
    for (const fault of this.#faults.keys()) this.#front.heal(fault);
    this.#faults.clear();
    await this.#change();
  }

  /** Its process and its listeners end; names and rules stay as they are. */
  async stop(): Promise<void> {
    this.#toxiproxy.stop();
    this.#names?.close();
    await this.#front.close();
  }

  async #serveNames(): Promise<void> {
    const { address, hostNames } = this.#storage;
    const upstream = { address: await takeOverResolver(address, this.#resolverFile), port: 53 };
    this.#names = new NameServer({ address, port: PATH_PORTS.names, names: hostNames, upstream });
    await this.#names.listen((error) => this.#reporter.failure("name server", error.message));
  }

  async #startToxiproxy(): Promise<void> {
    await this.#toxiproxy.start();
    const { address, upstream } = this.#storage;
    const to: Readonly<Record<(typeof WAYS)[number], string>> = {
      direct: `${upstream.host}:${upstream.port}`,
      front: `${address}:${PATH_PORTS.answers}`,
    };
    await this.#toxiproxy.create(
      WAYS.map((name): Proxy => ({ name, listen: `${address}:${PATH_PORTS[name]}`, upstream: to[name] })),
    );
  }

  /** A way that ended by itself is no failure of storage that anybody asked for: it is told, and there again at once. */
  #startAgain(how: string): void {
    this.#reporter.failure("storage path", `toxiproxy ${how}; it is started again`);
    this.#changes = this.#changes
      .then(() => this.#standAgain())
      .catch((error: unknown) => this.#reporter.failure("storage path", String(error)));
  }

  async #standAgain(): Promise<void> {
    await this.#startToxiproxy();
    this.#standing = { ...CLOSED, rules: this.#standing.rules };
    await this.#follow();
  }

  async #change(): Promise<void> {
    const change = this.#changes.then(() => this.#follow());
    this.#changes = change.catch(() => undefined); // whoever asked for it has the failure
    await change;
  }

  /** Brings about what gate and faults mean together; where a step fails, what stands is known all the same. */
  async #follow(): Promise<void> {
    const next = this.#wanted();
    this.#followNames();
    if (next.rules.way === "front") await this.#front.listen();
    if (!next.listening) await this.#listen(false);
    await this.#followToxics(next.toxics);
    if (next.listening) await this.#listen(true);
    await this.#followRules(next.rules);
  }

  async #listen(listening: boolean): Promise<void> {
    if (this.#standing.listening === listening) return;
    await eachWay((way) => this.#toxiproxy.enable(way, listening));
    this.#standing = { ...this.#standing, listening };
  }

  async #followToxics(wanted: Standing["toxics"]): Promise<void> {
    const toxics = new Map(this.#standing.toxics);
    this.#standing = { ...this.#standing, toxics };
    for (const [name, toxic] of this.#standing.toxics) {
      if (wanted.has(name)) continue;
      await eachWay((way) => this.#toxiproxy.removeToxic(way, toxic));
      toxics.delete(name);
    }
    for (const [name, toxic] of wanted) {
      if (toxics.has(name)) continue;
      await eachWay((way) => this.#toxiproxy.addToxic(way, toxic));
      toxics.set(name, toxic);
    }
  }

  async #followRules(rules: PacketRules): Promise<void> {
    const before = this.#standing.rules;
    if (JSON.stringify(before) === JSON.stringify(rules)) return;
    await applyPacketRules(this.#storage.address, rules);
    this.#standing = { ...this.#standing, rules };
    if (before.way === rules.way || rules.way === "direct" || !this.#standing.listening) return;
    // No answer can fail on the connections of the direct way, and nobody is led to it any more: they are closed.
    await this.#toxiproxy.enable("direct", false);
    await this.#toxiproxy.enable("direct", true);
  }

  #wanted(): Standing {
    const failures = [...this.#faults.values()];
    const has = (kind: StorageFailure["kind"]): boolean => failures.some((failure) => failure.kind === kind);
    const toxics = [...this.#faults].flatMap(([fault, failure]) => toxicsOf(fault, failure));
    return {
      listening: this.#open && !has("refused"),
      rules: {
        way: failures.some(isAnswerFailure) ? "front" : "direct",
        dropped: has("unreachable"),
        resetOlder: has("reset"),
      },
      toxics: new Map(toxics.map((toxic) => [toxic.name, toxic])),
    };
  }

  #followNames(): void {
    const outage = [...this.#faults.values()].find((failure) => failure.kind === "name");
    if (this.#names !== undefined) this.#names.outage = outage?.answer ?? null;
  }
}

async function eachWay(work: (way: (typeof WAYS)[number]) => Promise<void>): Promise<void> {
  for (const way of WAYS) await work(way);
}
