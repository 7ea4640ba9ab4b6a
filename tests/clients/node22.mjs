// Some tools need Node 22.19; where we run on an older one, a newer one is among our packages.

import { createRequire } from "node:module";

const [major, minor] = process.versions.node.split(".").map(Number);

/** A Node that is new enough. */
export const node22 =
  major > 22 || (major === 22 && minor >= 19)
    ? process.execPath
    : createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/bin/node`);
