import { Command } from "commander";
import { readSite } from "../definition/read-site.ts";
import { checkContainerNames } from "../plan/make-plan.ts";
import { connectEngine } from "../runtime/engine/connect-engine.ts";
import { listMadeImages, removeMadeImages } from "../runtime/images/made-images.ts";
import { prepareHost } from "../site/host.ts";
import { createConsole, formatProgress, type Console } from "./console.ts";
import { interruptible } from "./interrupt.ts";
import {
  addImageOption,
  addSiteArguments,
  siteInputsOf,
  type ImageOptions,
  type SiteOptions,
} from "./site-arguments.ts";
import { formatTable } from "./table.ts";

interface ImagesOptions extends SiteOptions, ImageOptions {
  readonly list: boolean;
  readonly remove: boolean;
  readonly json: boolean;
}

/** `sitecar images`: pulls or makes every image of a site, lists what was made, or removes it. */
export function imagesCommand(): Command {
  const command = new Command("images")
    .description("Pull or make every image that a site needs; list or remove what sitecar made.")
    .option("--list", "only list the images that sitecar made", false)
    .option("--remove", "remove the images that sitecar made", false)
    .option("--json", "print one JSON document; progress goes to standard error", false)
    .action(async (files: readonly string[], options: ImagesOptions) => {
      const console = createConsole(options.json);
      if (options.list || options.remove) await listOrRemove(options, console);
      else await prepare(files, options, console);
    });
  return addImageOption(addSiteArguments(command));
}

async function prepare(files: readonly string[], options: ImagesOptions, console: Console): Promise<void> {
  const interrupt = interruptible();
  try {
    const definition = await readSite(siteInputsOf(files, options, "."));
    const names = definition.siteContainers.map(({ name }) => name);
    checkContainerNames("an image is given", options.image, names);
    const { images } = await prepareHost([definition], {
      images: options.image,
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
