// What the views that follow a plan share: fields, notes, numbers with both ends.
import { fresh, h } from "../dom";
import { table } from "../parts";
import { say } from "../say";
import type { Name } from "../text/en";
import { ABSENT, number } from "../words";

/** A field with its label; the unit stands in the label, as everywhere on the page. */
export function field(label: Name, value: string, more: { mode?: string; placeholder?: string; wide?: boolean } = {}) {
  const input = h("input", {
    id: fresh("ask"),
    type: "text",
    inputmode: more.mode ?? "decimal",
    autocomplete: "off",
    value,
    placeholder: more.placeholder ?? null,
  });
  return {
    input,
    element: h("div", { class: more.wide ? "field wide" : "field short" }, h("label", { for: input.id }, say(label)), input),
  };
}

export function choice(label: Name, options: [value: string, words: string][], chosen = "") {
  const select = h(
    "select",
    { id: fresh("choice") },
    options.map(([value, words]) => h("option", { value, selected: value === chosen }, words)),
  );
  return { select, element: h("div", { class: "field short" }, h("label", { for: select.id }, say(label)), select) };
}

/** The number that was written; null where nothing was; the words themselves where they are no number. */
export function written(input: HTMLInputElement): number | string | null {
  const words = input.value.trim();
  if (words === "") return null;
  const value = Number(words.replace(",", "."));
  // What is no number goes to the server as it is, which refuses it by name.
  return Number.isNaN(value) ? words : value;
}

export function listed(input: HTMLInputElement): string[] {
  return input.value.split(/[,;]/).map((one) => one.trim()).filter(Boolean);
}

/** Remarks on a result, kept short until they are wanted. */
export function notes(list: string[] | undefined): HTMLElement | null {
  if (!list || list.length === 0) return null;
  return h(
    "details",
    { class: "more notes" },
    h("summary", {}, say("notes.title", { count: list.length })),
    h("ul", {}, list.map((one) => h("li", { class: "small" }, one))),
  );
}

/** Facts side by side, each under its name. */
export function facts(rows: [name: string, value: string][]): HTMLElement {
  return h("dl", { class: "facts close" }, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

/** A number that may be tiny, as people read it: 0.0016, 2.3e-7. */
export function small(value: number | null | undefined): string {
  if (typeof value !== "number" || !Number.isFinite(value)) return ABSENT;
  if (value === 0) return "0";
  if (Math.abs(value) < 1e-3) return value.toExponential(1);
  return Math.abs(value) < 1 ? value.toPrecision(2) : number(Number(value.toPrecision(2)));
}

export function span(low: number | null, high: number | null, digits = 0): string {
  if (low === null && high === null) return ABSENT;
  if (low === null) return say("span.below", { high: number(high, digits) });
  if (high === null) return say("span.above", { low: number(low, digits) });
  return `${number(low, digits)}${say("to")}${number(high, digits)}`;
}

/** Rows beyond the first ones are in the file. */
export function longTable(caption: string, columns: Parameters<typeof table>[1], rows: Parameters<typeof table>[2], most: number): HTMLElement {
  const left = rows.length - most;
  return h(
    "div",
    {},
    table(caption, columns, rows.slice(0, most)),
    left > 0 ? h("p", { class: "small" }, say("more.rows", { count: left })) : null,
  );
}

/** What is there for those who want it all. */
export const folded = (title: string, open: boolean, ...children: (Node | null)[]): HTMLElement =>
  h("details", { class: "more", open }, h("summary", {}, title), ...children);

/** A heading inside a section. */
export const block = (title: string, ...children: (Node | null)[]): HTMLElement =>
  h("div", { class: "sub-block" }, h("h3", { class: "sub" }, title), ...children);
