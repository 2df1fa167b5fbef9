// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

declare module "postcss-prune-var" {
  import type { PluginCreator } from "postcss";

  const create: PluginCreator<{ skip: string[] }>;
  export default create;
}
