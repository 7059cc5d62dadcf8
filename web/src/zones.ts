// Drop zones as limits: which part comes down where, or where nothing may.
import { written } from "./answer/common";
import { get } from "./api";
import { fresh, h, put } from "./dom";
import { makeFileField } from "./files";
import { say } from "./say";
import type { StoredFile, Vehicle, ZoneAsked } from "./types";

export interface ZoneFields {
  element: HTMLElement;
  margin: HTMLInputElement;
  asked(): { drop_inside: ZoneAsked[] | null; keep_off: ZoneAsked[] | null; zone_margin_km: number | string | null };
  vehicle(chosen: Vehicle | undefined): void;
  write(question: Record<string, unknown>, files: StoredFile[]): void;
  /** A zone out of a file that was dropped on the page. */
  add(file: StoredFile): void;
}

interface Row {
  element: HTMLElement;
  /** Whether it says no area yet. */
  empty(): boolean;
  fill(file: StoredFile): void;
  parts(list: string[]): void;
  asked(): { inside: boolean; zone: ZoneAsked };
}

let known: Promise<string[]> | null = null;

export function makeZones(): ZoneFields {
  let rows: Row[] = [];
  let parts: string[] = [];
  const place = h("div", { class: "zones" });
  const names = h("datalist", { id: fresh("countries") });
  const countries = () => {
    known ??= get<{ countries: { name: string }[] }>("countries").then((found) => found.countries.map((one) => one.name));
    void known.then((found) => put(names, found.map((name) => h("option", { value: name })))).catch(() => (known = null));
  };
  const margin = h("input", { id: fresh("margin"), type: "text", inputmode: "decimal", autocomplete: "off", placeholder: "0" });
  const marginField = h(
    "div",
    { class: "field", hidden: true },
    h("label", { for: margin.id }, say("zone.margin")),
    margin,
  );
  const empty = h("p", { class: "small" }, say("zone.none"));
  const draw = () => {
    put(place, rows.map((one) => one.element));
    marginField.hidden = rows.length === 0;
    empty.hidden = rows.length > 0;
  };

  function row(start: { inside: boolean; part?: string | null; area?: string | null; file?: StoredFile | null }): Row {
    const side = h(
      "select",
      { id: fresh("side"), onchange: () => offer() },
      h("option", { value: "off", selected: !start.inside }, say("zone.off")),
      h("option", { value: "inside", selected: start.inside }, say("zone.inside")),
    );
    const part = h("select", { id: fresh("part") });
    const area = h("input", {
      id: fresh("area"),
      type: "text",
      list: names.id,
      autocomplete: "off",
      placeholder: say("zone.areaExample"),
      value: start.area ?? "",
    });
    const areaField = h("div", { class: "field wide" }, h("label", { for: area.id }, say("zone.country")), area);
    const file = makeFileField("zone.file", "zone.fileHint", ".geojson,.json", ["area", "other"], () => {
      areaField.hidden = file.value() !== null;
    }, false);
    let wanted = start.part ?? "";
    const offer = () => {
      const now = part.value || wanted;
      const every = side.value === "off" ? [h("option", { value: "" }, say("zone.every"))] : [];
      put(part, every, parts.map((one) => h("option", { value: one }, one)));
      if ([...part.options].some((one) => one.value === now)) part.value = now;
      wanted = "";
    };
    offer();
    const made: Row = {
      element: h(
        "div",
        { class: "zone", role: "group", "aria-label": say("zone.one") },
        h("div", { class: "field" }, h("label", { for: part.id }, say("zone.part")), part),
        h("div", { class: "field" }, h("label", { for: side.id }, say("zone.side")), side),
        areaField,
        file.element,
        h(
          "button",
          {
            type: "button",
            class: "quiet",
            onclick: () => {
              rows = rows.filter((one) => one !== made);
              draw();
              button.focus();
            },
          },
          say("zone.drop"),
        ),
      ),
      empty: () => file.value() === null && area.value.trim() === "",
      fill: (given) => file.take(given),
      parts: () => offer(),
      asked: () => {
        const given = file.value();
        const where = given ? { file: given.id } : { area: area.value.trim() };
        return { inside: side.value === "inside", zone: { part: part.value || null, ...where } };
      },
    };
    if (start.file) file.take(start.file);
    return made;
  }

  const push = (start: Parameters<typeof row>[0]) => {
    countries();
    rows = [...rows, row(start)];
    draw();
  };
  const button = h(
    "button",
    {
      type: "button",
      class: "quiet",
      onclick: () => {
        push({ inside: false });
        rows.at(-1)?.element.querySelector("select")?.focus();
      },
    },
    say("zone.add"),
  );
  draw();
  return {
    element: h(
      "fieldset",
      { class: "zone-fields" },
      h("legend", {}, say("zone.legend")),
      h("p", { class: "small" }, say("zone.note")),
      empty,
      place,
      names,
      marginField,
      button,
    ),
    margin,
    asked() {
      const all = rows.map((one) => one.asked());
      const of = (inside: boolean) => {
        const found = all.filter((one) => one.inside === inside).map((one) => one.zone);
        return found.length > 0 ? found : null;
      };
      return { drop_inside: of(true), keep_off: of(false), zone_margin_km: rows.length > 0 ? written(margin) : null };
    },
    vehicle(chosen) {
      parts = chosen?.parts ?? [];
      rows.forEach((one) => one.parts(parts));
    },
    write(question, files) {
      rows = [];
      for (const [key, inside] of [["drop_inside", true], ["keep_off", false]] as const) {
        for (const one of (question[key] ?? []) as ZoneAsked[]) {
          push({ inside, part: one.part ?? null, area: one.area ?? null, file: files.find((file) => file.id === one.file) ?? null });
        }
      }
      const kept = question["zone_margin_km"];
      margin.value = typeof kept === "number" ? String(kept) : "";
      draw();
    },
    add(file) {
      const free = rows.find((one) => one.empty());
      if (free) free.fill(file);
      else push({ inside: false, file });
    },
  };
}
