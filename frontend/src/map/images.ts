// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { Map as GlMap } from "maplibre-gl";
import { readImageName, shapeOf } from "../lib/shapes.ts";
import type { Colour } from "./colours.ts";

export const HATCH = "hatch";
export const HATCH_BOUND = "hatch-bound";
export const DOTS_LOW = "dots-low";
export const DOTS_HIGH = "dots-high";
const RATIO = 2;
/** Half the width of an outline's box, in its own units. */
const BOX = 32;

interface Look {
  size: number;
  filled: boolean;
  dash: number[];
  opacity: number;
}

const LOOKS: Record<string, Look> = {
  full: { size: 30, filled: true, dash: [], opacity: 1 },
  outline: { size: 28, filled: false, dash: [], opacity: 1 },
  neighbour: { size: 26, filled: false, dash: [4, 3], opacity: 0.75 },
  small: { size: 20, filled: false, dash: [], opacity: 1 },
};

function canvas(size: number): CanvasRenderingContext2D {
  const element = document.createElement("canvas");
  element.width = size;
  element.height = size;
  const context = element.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("canvas");
  return context;
}

async function load(url: string): Promise<HTMLImageElement | null> {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    return image;
  } catch {
    return null;
  }
}

function tinted(image: HTMLImageElement, size: number, colour: string): HTMLCanvasElement {
  const context = canvas(size);
  context.drawImage(image, 0, 0, size, size);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = colour;
  context.fillRect(0, 0, size, size);
  return context.canvas;
}

function draw(icon: HTMLImageElement | null, family: string, look: Look, colour: Colour): ImageData {
  const size = (look.size + 4) * RATIO;
  const context = canvas(size);
  const main = colour(`family-${family}`);
  const scale = (look.size / BOX) * RATIO;
  context.globalAlpha = look.opacity;
  context.translate(2 * RATIO, 2 * RATIO);
  context.scale(scale, scale);
  const outline = new Path2D(shapeOf(family));
  context.lineJoin = "round";
  context.strokeStyle = colour("surface");
  context.lineWidth = look.filled ? 3 : 5;
  context.stroke(outline);
  context.fillStyle = look.filled ? main : colour("surface");
  context.fill(outline);
  if (!look.filled) {
    context.strokeStyle = main;
    context.lineWidth = 2.4;
    context.setLineDash(look.dash);
    context.stroke(outline);
  }
  if (icon) {
    const side = Math.round(BOX * 0.53 * scale);
    const shift = family === "work" ? BOX * 0.06 : 0;
    context.setTransform(1, 0, 0, 1, 0, 0);
    const middle = 2 * RATIO + (BOX / 2) * scale;
    context.drawImage(
      tinted(icon, side, look.filled ? colour("surface") : main),
      middle - side / 2,
      middle - side / 2 + shift * scale,
    );
  }
  return context.getImageData(0, 0, size, size);
}

/** Slanting lines, each drawn over the one before. A light edge, because they must be seen on the darkest class too. */
const HATCHES: Record<string, [colour: string, width: number][]> = {
  [HATCH]: [["map-unknown", 2]],
  [HATCH_BOUND]: [
    ["surface", 4],
    ["map-unknown", 2],
  ],
};

/** Mirrored lines slant the other way, so that unknown and the palest class are told apart without seeing the colour. */
function hatch(lines: readonly [colour: string, width: number][], colour: Colour, mirrored: boolean): ImageData {
  const size = 16;
  const context = canvas(size);
  if (mirrored) context.setTransform(-1, 0, 0, 1, size, 0);
  for (const [name, width] of lines) {
    context.strokeStyle = colour(name);
    context.lineWidth = width;
    for (const offset of [-size, 0, size]) {
      context.beginPath();
      context.moveTo(offset - 2, size + 2);
      context.lineTo(offset + size + 2, -2);
      context.stroke();
    }
  }
  return context.getImageData(0, 0, size, size);
}

/** What lies beyond every class has dots: dark ones on the palest ground, light ones on the darkest. */
const DOTS: Record<string, string> = { [DOTS_LOW]: "map-unknown", [DOTS_HIGH]: "surface" };

function dots(name: string, colour: Colour): ImageData {
  const size = 16;
  const context = canvas(size);
  context.fillStyle = colour(name);
  for (const [x, y] of [
    [4, 4],
    [12, 12],
  ] as const) {
    context.beginPath();
    context.arc(x, y, 2.2, 0, 2 * Math.PI);
    context.fill();
  }
  return context.getImageData(0, 0, size, size);
}

/** The pattern with this name; null where it is no pattern. */
function pattern(name: string, colour: Colour): ImageData | null {
  const [lines, dotted] = [HATCHES[name], DOTS[name]];
  if (lines) return hatch(lines, colour, name === HATCH_BOUND);
  return dotted ? dots(dotted, colour) : null;
}

/** Draws markers when the map first needs them: a symbol on the outline of its family. */
export function resolveImages(map: GlMap, symbolsUrl: string, colour: Colour): void {
  const icons = new Map<string, Promise<HTMLImageElement | null>>();
  map.setMissingStyleImageResolver(async (name) => {
    const image = pattern(name, colour);
    if (image) map.addImage(name, image, { pixelRatio: RATIO });
    const parts = readImageName(name);
    if (!parts) return;
    if (!icons.has(parts.symbol)) icons.set(parts.symbol, load(`${symbolsUrl}${encodeURIComponent(parts.symbol)}.svg`));
    const icon = await icons.get(parts.symbol);
    const look = LOOKS[parts.variant] ?? LOOKS.full;
    if (look && !map.hasImage(name))
      map.addImage(name, draw(icon ?? null, parts.family, look, colour), { pixelRatio: RATIO });
  });
}
