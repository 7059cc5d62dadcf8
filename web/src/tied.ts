// Fields of the question, each tied to its key: how it is asked and how it is written back.
import { written } from "./answer/common";
import { fresh, h } from "./dom";
import { say } from "./say";
import type { Name } from "./text/en";
import type { Question } from "./types";

export type Wanted = "plan" | "load" | "check" | "map" | "windows" | "satellite";

/** A field and its name in the question: it is asked and written back by this one row. */
export interface Tied {
  key: string;
  kinds: Wanted[];
  input: HTMLElement;
  read(): unknown;
  /** What was asked; null puts the field back to how it was at first. */
  write(value: unknown): void;
}

export const box = (key: string, kinds: Wanted[], input: HTMLInputElement, read: () => unknown): Tied => ({
  key,
  kinds,
  input,
  read,
  write: (value) => (input.value = value === null ? input.defaultValue : String(value)),
});

export const words = (key: string, kinds: Wanted[], { input }: { input: HTMLInputElement }) =>
  box(key, kinds, input, () => input.value.trim());

export const amount = (key: string, kinds: Wanted[], field: { input: HTMLInputElement }) =>
  box(key, kinds, field.input, () => written(field.input));

export const tick = (key: string, kinds: Wanted[], input: HTMLInputElement, off: false | null): Tied => ({
  key,
  kinds,
  input,
  read: () => input.checked || off,
  write: (value) => (input.checked = value === true),
});

export const pick = (key: string, kinds: Wanted[], select: HTMLSelectElement, usual: string): Tied => ({
  key,
  kinds,
  input: select,
  read: () => (select.value === usual || select.closest(".field[hidden]") ? null : select.value),
  write: (value) => {
    select.value = [...select.options].some((one) => one.value === value) ? String(value) : usual;
  },
});

export const isSaid = (value: unknown): boolean => value !== null && value !== undefined && value !== "";

export function clean(question: Question): Question {
  return Object.fromEntries(Object.entries(question).filter(([, value]) => isSaid(value)));
}

export function toml(value: unknown): string {
  if (typeof value !== "number") return JSON.stringify(value);
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

export function missionText(base: Question, kept: Question, epoch: string, limits: string[]): string {
  const lines = Object.entries(clean({ ...base, ...kept }))
    .map(([key, value]) => `${key} = ${toml(value)}`);
  return ["[mission]", ...lines, `epoch_utc = ${JSON.stringify(epoch)}`, "", "[limits]", ...limits, ""].join("\n");
}

export function numberField(label: Name, unit: string, value: string) {
  return makeField(label, unit, value, "decimal");
}

export function textField(label: Name, unit: string, value: string) {
  return makeField(label, unit, value, "text");
}

function makeField(label: Name, unit: string, value: string, mode: string) {
  const id = fresh("field");
  const input = h("input", { id, type: "text", inputmode: mode, value, autocomplete: "off" });
  const element = h(
    "div",
    { class: "field" },
    h("label", { for: id }, `${say(label)}, ${unit}`),
    h("span", { class: "with-unit" }, input, h("span", { class: "unit", "aria-hidden": "true" }, unit)),
  );
  return { element, input };
}
