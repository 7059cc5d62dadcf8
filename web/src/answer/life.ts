// How long a satellite stays up.
import { result } from "../api";
import { h, put } from "../dom";
import { say } from "../say";
import type { Job } from "../types";
import { number } from "../words";
import { notes } from "./common";

interface Lifetime {
  years: { p05: number; p50: number; p95: number };
  rules?: { name: string; probability: number; paragraph: string }[];
  notes?: string[];
}

const YEAR_D = 365.25;

export async function showLifetime(job: Job, place: HTMLElement): Promise<void> {
  const found = await result<Lifetime>(job.id);
  put(
    place,
    h("p", { class: "big" }, say("life.years", { years: years(found.years.p50) })),
    h("p", { class: "small" }, say("life.spread", { low: years(found.years.p05), high: years(found.years.p95) })),
    (found.rules ?? []).map((one) =>
      h("p", { class: "small" }, say("life.rule", { name: one.name, share: number(100 * one.probability), paragraph: one.paragraph })),
    ),
    notes(found.notes),
  );
}

export function years(value: number): string {
  return value < 0.1 ? say("life.days", { days: number(value * YEAR_D, 1) }) : `${number(value, 1)} ${say("life.unit")}`;
}
