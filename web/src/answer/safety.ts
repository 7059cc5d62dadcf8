// What may be hurt: casualty expectation of a flight that fails, areas to keep clear.
import { result } from "../api";
import { h, put } from "../dom";
import type { Shape } from "../globe/marks";
import { ofRun, start } from "../jobs";
import { jobBox } from "../job_box";
import { table } from "../parts";
import { say, sayOr } from "../say";
import type { Stage } from "../stage";
import type { Job, Plan, Question } from "../types";
import { instant, number } from "../words";
import { block, choice, facts, field, folded, listed, longTable, notes, small, written } from "./common";

interface Ends {
  low: number;
  high: number;
}

interface Share {
  expected_casualties: Ends;
  share: number;
  people: Ends;
}

interface Estimate {
  name: string;
  label: string;
  source: string;
  expected_casualties: Ends;
  times_limit: Ends;
  within_limit: boolean;
  people_in_corridor: Ends;
  by_country: (Share & { country: string })[];
  by_phase: (Share & { phase: string })[];
  by_range: (Share & { from_km: number; to_km: number })[];
}

interface Casualty {
  planning_aid: string;
  rule: { name: string; limit: number; told: string };
  vehicle_class: string;
  class_from: string;
  estimates: Estimate[];
  phases: { name: string; failure_probability: number }[];
  corridor: { ends: string; length_km: number };
  trace: { latitude_deg: number; longitude_deg: number }[];
  factors: { name: string; value: number | string; unit: string; source: string }[];
  notes: string[];
}

export function casualtyBox(run: Job, plan: Plan, stage: Stage): HTMLElement {
  const classes: [string, string][] = [["", say("ask.usual")]];
  for (const one of ["small", "medium", "medium-large", "large"]) classes.push([one, sayOr(`class.${one}`, one)]);
  const kind = choice("casualty.class", classes);
  const burns = (plan.events ?? []).filter((one) => one.name.endsWith(" cutoff")).map((one) => one.name.replace(" cutoff", ""));
  const phases = field("casualty.phases", "", { mode: "text", wide: true, placeholder: `${burns[0] ?? "stage"}=0.02` });
  return block(
    say("casualty.title"),
    jobBox(
      stage,
      say("casualty.do"),
      say("casualty.why"),
      ofRun(run.id, "casualty")[0],
      () => {
        const question: Question = { run: run.id, phases: listed(phases.input) };
        if (kind.select.value) question["vehicle_class"] = kind.select.value;
        return start("casualty", question);
      },
      (job, place) => showCasualty(job, place, stage),
      h("div", { class: "fields" }, kind.element, phases.element),
    ),
  );
}

export async function showCasualty(job: Job, place: HTMLElement, stage: Stage): Promise<void> {
  const found = await result<Casualty>(job.id);
  const first = found.estimates[0]!;
  const ends = (one: Ends) => `${small(one.low)}${say("to")}${small(one.high)}`;
  const people = (one: Ends) => `${number(one.low)}${say("to")}${number(one.high)}`;
  const head = say("casualty.expected");
  const split = <T extends Share>(title: string, what: string, rows: T[], name: (one: T) => string) =>
    block(
      title,
      longTable(
        title,
        [{ head: what }, { head, number: true }, { head: say("casualty.share"), number: true }, { head: say("casualty.people"), number: true }],
        rows.map((one) => [name(one), ends(one.expected_casualties), number(100 * one.share, 1), people(one.people)]),
        12,
      ),
    );
  put(
    place,
    h("p", { class: "big" }, say("casualty.told", { low: small(first.expected_casualties.low), high: small(first.expected_casualties.high) })),
    h(
      "p",
      { class: first.within_limit ? "good" : "bad" },
      h("b", {}, say(first.within_limit ? "casualty.within" : "casualty.over")),
      " ",
      h("span", { class: "plain" }, say("casualty.rule", { limit: small(found.rule.limit), name: found.rule.name, told: found.rule.told })),
    ),
    h("p", { class: "small" }, say("casualty.class.told", { kind: sayOr(`class.${found.vehicle_class}`, found.vehicle_class), why: found.class_from })),
    table(
      say("casualty.title"),
      [{ head: say("casualty.how") }, { head, number: true }, { head: say("casualty.times"), number: true }, { head: say("casualty.verdict") }],
      found.estimates.map((one) => [
        h("span", {}, one.name, h("span", { class: "small below" }, one.label)),
        ends(one.expected_casualties),
        ends(one.times_limit),
        h("span", { class: one.within_limit ? "good" : "missed" }, say(one.within_limit ? "casualty.yes" : "casualty.no")),
      ]),
    ),
    folded(
      say("casualty.split"),
      false,
      split(say("casualty.byPhase"), say("casualty.phase"), first.by_phase, (one) => one.phase),
      split(say("casualty.byCountry"), say("casualty.country"), first.by_country, (one) => one.country),
      split(say("casualty.byRange"), say("casualty.range"), first.by_range, (one) => `${number(one.from_km)}${say("to")}${number(one.to_km)}`),
    ),
    notes(found.notes),
  );
  (await stage.globe)?.mark("trace", [{ line: found.trace, colour: "bad", words: say("casualty.trace") }]);
}

type Ring = [number, number][];

interface Area {
  properties: {
    name: string;
    from_utc: string;
    until_utc: string;
    area_km2: number;
    surface: string;
    country?: string | null;
    people: string;
  };
  geometry: { type: "Polygon"; coordinates: Ring[] } | { type: "MultiPolygon"; coordinates: Ring[][] };
}

interface Hazard {
  status: string;
  window_opens_utc: string;
  window_minutes: number;
  notes: string[];
  overlap?: { name: string; of_ours_percent: number; of_published_percent: number; common_km2: number }[];
  features: Area[];
}

export function hazardBox(run: Job, stage: Stage): HTMLElement {
  const minutes = field("hazard.minutes", "0");
  const opens = field("hazard.opens", "", { mode: "text", wide: true, placeholder: say("ask.usual") });
  const share = choice("hazard.share", [["0.99", "99 %"], ["0.9", "90 %"], ["0.5", "50 %"]]);
  return block(
    say("hazard.title"),
    jobBox(
      stage,
      say("hazard.do"),
      say("hazard.why"),
      ofRun(run.id, "hazard")[0],
      () => {
        const question: Question = { run: run.id, minutes: written(minutes.input) ?? 0, probability: Number(share.select.value) };
        if (opens.input.value.trim()) question["epoch_utc"] = opens.input.value.trim();
        return start("hazard", question);
      },
      (job, place) => showHazard(job, place, stage),
      h("div", { class: "fields" }, share.element, minutes.element, opens.element),
    ),
  );
}

export async function showHazard(job: Job, place: HTMLElement, stage: Stage): Promise<void> {
  const found = await result<Hazard>(job.id);
  const areas = found.features;
  put(
    place,
    h("p", { class: "draft" }, h("b", {}, say("hazard.draft"))),
    facts([
      [say("hazard.opensAt"), instant(found.window_opens_utc)],
      [say("hazard.open"), `${number(found.window_minutes)} min`],
      [say("hazard.count"), String(areas.length)],
    ]),
    areas.length === 0
      ? h("p", {}, say("hazard.none"))
      : table(
          say("hazard.title"),
          [
            { head: say("hazard.area"), kind: "name" },
            { head: say("hazard.from"), kind: "name" },
            { head: say("hazard.until"), kind: "name" },
            { head: say("hazard.size"), number: true },
            { head: say("falls.where") },
            { head: say("falls.people") },
          ],
          areas.map(({ properties: one }) => [
            one.name,
            instant(one.from_utc),
            instant(one.until_utc),
            number(one.area_km2),
            one.surface === "sea" ? say("falls.sea") : (one.country ?? say("falls.land")),
            one.people,
          ]),
        ),
    notes(found.notes),
  );
  (await stage.globe)?.mark("hazard", areas.flatMap(shapes));
}

function shapes(one: Area): Shape[] {
  const parts = one.geometry.type === "Polygon" ? [one.geometry.coordinates] : one.geometry.coordinates;
  // Without words: the parts that fall there have theirs.
  return parts.map(([outer]) => ({
    ring: (outer ?? []).map(([longitude_deg, latitude_deg]) => ({ longitude_deg, latitude_deg })),
    colour: "bad",
  }));
}
