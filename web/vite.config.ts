// Builds the page into the Python package, where `cosmodrome serve` finds it.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const engine = join(here, "node_modules/@cesium/engine");
const out = join(here, "../src/cosmodrome/web/page");

// What the globe loads while it runs. Everything else Cesium ships (terrain
// heights, star maps, Earth orientation, mesh decoders) is never asked for here.
const workers = [
  "createVerticesFromHeightmap",
  "incrementallyBuildTerrainPicker",
  "transferTypedArrayTest",
];

/** A worker and every chunk it imports, by name. */
function withChunks(names: string[], folder: string): Set<string> {
  const found = new Set<string>();
  const open = names.map((name) => `${name}.js`);
  while (open.length > 0) {
    const file = open.pop()!;
    if (found.has(file) || !existsSync(join(folder, file))) continue;
    found.add(file);
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, chunk] of text.matchAll(/["']\.\/(chunk-[A-Z0-9]+\.js)["']/g)) open.push(chunk!);
  }
  return found;
}

/** Copies the few files Cesium fetches by address. */
function globeFiles(): Plugin {
  return {
    name: "globe-files",
    apply: "build",
    closeBundle() {
      const to = join(out, "cesium");
      mkdirSync(join(to, "Workers"), { recursive: true });
      const built = join(engine, "Build/Workers");
      for (const file of withChunks(workers, built)) {
        cpSync(join(built, file), join(to, "Workers", file));
      }
      const earth = "Assets/Textures/NaturalEarthII";
      cpSync(join(engine, "Source", earth), join(to, earth), { recursive: true });
      cpSync(join(engine, "LICENSE.md"), join(to, "LICENSE.md"));
      if (readdirSync(join(to, "Workers")).length < workers.length) {
        throw new Error("Cesium's workers have moved; see the list in vite.config.ts");
      }
    },
  };
}

export default defineConfig({
  root: here,
  base: "./",
  publicDir: false,
  build: {
    outDir: out,
    emptyOutDir: true,
    target: "es2022",
    sourcemap: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 6000,
    reportCompressedSize: false,
  },
  plugins: [globeFiles()],
});
