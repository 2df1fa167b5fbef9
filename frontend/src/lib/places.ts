// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { fold } from "./text.ts";

export const SMALL_SPOT = 1;
export const NEIGHBOUR = 2;
export const NOT_COUNTED = 4;

export interface Kind {
  label: string;
  symbol: string;
  functions: string[];
  family: string;
}

export interface PlacesFile {
  kinds: Record<string, Kind>;
  fields: string[];
  places: unknown[][];
}

export interface Place {
  id: string;
  name: string;
  kind: string;
  kindLabel: string;
  symbol: string;
  family: string;
  functions: readonly string[];
  lon: number;
  lat: number;
  flags: number;
  status: string;
  wijk: string;
  buurt: string;
  municipality: string;
  archetype: string;
  address: string;
  openNow: number | null;
  wheelchair: string;
  /** Name, kind and address, folded: what a search looks through. */
  haystack: string;
}

const UNKNOWN_KIND: Kind = { label: "", symbol: "marker", functions: [], family: "meet" };

/** The places with a location. Positions come from `fields`, so that a server may add a field without breaking older pages. */
export function decodePlaces(file: PlacesFile): Place[] {
  const position = new Map(file.fields.map((name, index) => [name, index]));
  const at = (row: unknown[], name: string): unknown => row[position.get(name) ?? -1];
  const text = (row: unknown[], name: string): string => String(at(row, name) ?? "");
  return file.places
    .filter((row) => typeof at(row, "lon") === "number" && typeof at(row, "lat") === "number")
    .map((row) => {
      const kind = file.kinds[text(row, "kind")] ?? UNKNOWN_KIND;
      const own = at(row, "functions");
      const openNow = at(row, "open_now");
      const place = {
        id: text(row, "id"),
        name: text(row, "name"),
        kind: text(row, "kind"),
        kindLabel: kind.label,
        symbol: kind.symbol || UNKNOWN_KIND.symbol,
        family: kind.family || UNKNOWN_KIND.family,
        functions: Array.isArray(own) ? own.map(String) : kind.functions,
        lon: at(row, "lon") as number,
        lat: at(row, "lat") as number,
        flags: Number(at(row, "flags") ?? 0),
        status: text(row, "status"),
        wijk: text(row, "wijk"),
        buurt: text(row, "buurt"),
        municipality: text(row, "municipality"),
        archetype: text(row, "archetype"),
        address: text(row, "address"),
        openNow: typeof openNow === "number" ? openNow : typeof openNow === "boolean" ? Number(openNow) : null,
        wheelchair: text(row, "wheelchair"),
      };
      return { ...place, haystack: fold(`${place.name} ${place.kindLabel} ${place.address}`) };
    });
}
