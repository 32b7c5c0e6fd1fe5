// The sources of the pages, turned into api/static: one file per part, its name with a digest, each also compressed.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const outDir = "../static";

function compressed(): Plugin {
  return {
    name: "compressed",
    writeBundle(_options, bundle) {
      for (const name of Object.keys(bundle)) {
        const file = join(import.meta.dirname, outDir, name);
        if (!/^assets\/.*\.(js|css|geojson|svg)$/.test(name) || statSync(file).size < 1024) continue;
        const bytes = readFileSync(file);
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
        writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
      }
    },
  };
}

/** The licences of everything that ends up in the files, beside them. */
function licences(): Plugin {
  return {
    name: "licences",
    generateBundle() {
      const folders = new Set<string>();
      for (const id of this.getModuleIds()) {
        const found = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id.replace(/^\0/, ""));
        if (found) folders.add(found[0]);
      }
      const texts = [...folders].sort().map((folder) => {
        const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name: string; version: string; license: string };
        const files = readdirSync(folder).filter((name) => /^(licen[cs]e|notice)/i.test(name) && statSync(join(folder, name)).isFile());
        const text = files.map((name) => readFileSync(join(folder, name), "utf8").trim()).join("\n\n");
        return `${about.name} ${about.version} (${about.license})\n\n${text}`;
      });
      this.emitFile({ type: "asset", fileName: "LICENCES.txt", source: texts.join(`\n\n${"-".repeat(80)}\n\n`) + "\n" });
    },
  };
}

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [licences(), compressed()],
  build: {
    outDir,
    // A running service still names the files of the build before; a wheel is built in an empty folder.
    emptyOutDir: false,
    manifest: "manifest.json",
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
    target: "es2022",
    rollupOptions: { input: { base: "src/base.ts", workbench: "src/workbench.ts" } },
  },
});
