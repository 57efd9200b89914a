import { Command } from "commander";
import { readSite } from "../definition/read-site.ts";
import { connectEngine } from "../runtime/engine/connect-engine.ts";
import { listMadeImages, removeMadeImages } from "../runtime/images/made-images.ts";
import { prepareHost } from "../site/host.ts";
import { createConsole, formatProgress, type Console } from "./console.ts";
import { interruptible } from "./interrupt.ts";
import { formatTable } from "./table.ts";

interface ImagesOptions {
  readonly list: boolean;
  readonly remove: boolean;
  readonly json: boolean;
}

/** `sitecar images`: pulls or makes every image of a site, lists what was made, or removes it. */
export function imagesCommand(): Command {
  return new Command("images")
    .description("Pull or make every image that a site needs; list or remove what sitecar made.")
    .argument("[site]", "a sitecar.json, a spec file, or the folder that holds one", ".")
    .option("--list", "only list the images that sitecar made", false)
    .option("--remove", "remove the images that sitecar made", false)
    .option("--json", "print one JSON document; progress goes to standard error", false)
    .action(async (path: string, options: ImagesOptions) => {
      const console = createConsole(options.json);
      if (options.list || options.remove) await listOrRemove(options, console);
      else await prepare(path, options, console);
    });
}

async function prepare(path: string, options: ImagesOptions, console: Console): Promise<void> {
  const interrupt = interruptible();
  try {
    const { images } = await prepareHost([await readSite(path)], {
      signal: interrupt.signal,
      progress: (event) => console.note(formatProgress(event)),
    });
    const all = [...images.requested, images.platform, images.storage];
    if (options.json) {
      console.result(JSON.stringify({ decision: images.decision, images: all }, undefined, 2));
      return;
    }
    console.result(`\n${images.decision.source}: ${images.decision.reason}\n`);
    console.result(
      formatTable([
        ["image", "origin", "reference"],
        ...all.map(({ requested, origin, reference }) => [requested, origin, reference]),
      ]),
    );
  } finally {
    interrupt.release();
  }
}

async function listOrRemove(options: ImagesOptions, console: Console): Promise<void> {
  const engine = await connectEngine({ mayInstall: false });
  const made = await listMadeImages(engine);
  if (options.remove) await removeMadeImages(engine, made);
  if (options.json) {
    console.result(JSON.stringify({ images: made, removed: options.remove }, undefined, 2));
    return;
  }
  if (made.length === 0) console.result("No image that sitecar made is on the engine.");
  else {
    console.result(options.remove ? "Removed:" : "Made by sitecar:");
    console.result(
      formatTable([
        ["image", "size (MB)", "made", "tag"],
        ...made.map(({ name, bytes, createdAt, tags }) => [
          name,
          Math.round(bytes / 1e6),
          createdAt,
          tags.join(" "),
        ]),
      ]),
    );
  }
}
