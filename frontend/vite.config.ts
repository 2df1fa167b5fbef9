// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import pruneVariables from "postcss-prune-var";
import { defineConfig } from "vite";

/** The theme's class becomes ours, so that a municipality's own theme class on the same element can follow it. */
const renameTheme = {
  postcssPlugin: "rename-theme",
  Rule(rule: { selector: string }) {
    if (rule.selector === ".voorbeeld-theme") rule.selector = ".kk-theme";
  },
};

export default defineConfig({
  base: "",
  publicDir: false,
  css: { postcss: { plugins: [renameTheme, pruneVariables({ skip: ["**/colours.css"] })] } },
  build: {
    outDir: "../src/knopenkaart_web/static/build",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ["src/app.ts", "src/map.ts", "src/review.ts", "src/counter.ts", "src/counter/worker.ts", "src/meeting.ts"],
    },
  },
  worker: { format: "es" },
});
