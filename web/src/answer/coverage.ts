// What the satellite sees: how often places, and heights whose track comes back.
import { result } from "../api";
import { h, put } from "../dom";
import { ofRun, start } from "../jobs";
import { jobBox } from "../job_box";
import { table } from "../parts";
import { say } from "../say";
import type { Stage } from "../stage";
import type { Job, Plan, Question } from "../types";
import { ABSENT, number } from "../words";
import { block, choice, facts, field, longTable, notes, written } from "./common";

interface Point {
  latitude_deg: number;
  longitude_deg: number;
  looks: number;
  mean_revisit_h: number | null;
  max_revisit_h: number | null;
  mean_response_h: number | null;
}

interface Coverage {
  method: string;
  satellites: number;
  seen_fraction: number;
  points: Point[];
  notes: string[];
}

const LOOKS = ["swath_km", "half_angle_deg", "min_elevation_deg"] as const;
/** Lists of places longer than this are told by latitude. */
const FEW = 24;

export function coverageBox(run: Job, stage: Stage): HTMLElement {
  const places = field("cover.places", "-60:60", { mode: "text", wide: true });
  const days = field("cover.days", "3");
  const spacing = field("cover.spacing", "5");
  const look = choice("cover.look", LOOKS.map((one) => [one, say(`cover.${one}`)]), "swath_km");
  const size = field("cover.size", "100");
  const walker = field("cover.walker", "", { mode: "text", placeholder: "53:24/3/1" });
  return block(
    say("cover.title"),
    jobBox(
      stage,
      say("cover.do"),
      say("cover.why"),
      ofRun(run.id, "coverage")[0],
      () => {
        const words = places.input.value.trim();
        const question: Question = { run: run.id, days: written(days.input), [look.select.value]: written(size.input) };
        if (words.includes(":")) question["band"] = words;
        else question["points"] = words.split(";").map((one) => one.trim()).filter(Boolean);
        const apart = written(spacing.input);
        if (apart !== null) question["spacing_deg"] = apart;
        if (walker.input.value.trim()) question["walker"] = walker.input.value.trim();
        return start("coverage", question);
      },
      showCoverage,
      h("div", { class: "fields" }, places.element, look.element, size.element, days.element, spacing.element, walker.element),
    ),
  );
}

export async function showCoverage(job: Job, place: HTMLElement): Promise<void> {
  const found = await result<Coverage>(job.id);
  const gaps = found.points.map((one) => one.max_revisit_h);
  const worst = gaps.some((one) => one === null) ? null : Math.max(...(gaps as number[]));
  put(
    place,
    facts([
      [say("cover.share"), `${number(100 * found.seen_fraction)} %`],
      [say("cover.gap"), worst === null ? say("cover.never") : `${number(worst, 1)} h`],
      [say("cover.satellites"), number(found.satellites)],
      [say("cover.points"), number(found.points.length)],
    ]),
    found.points.length <= FEW ? byPlace(found.points) : byLatitude(found.points),
    h("p", { class: "small" }, say("cover.note", { method: found.method })),
    notes(found.notes),
  );
}

function byPlace(points: Point[]): HTMLElement {
  return table(
    say("cover.title"),
    [
      { head: say("cover.place") },
      { head: say("cover.looks"), number: true },
      { head: say("cover.mean"), number: true },
      { head: say("cover.longest"), number: true },
      { head: say("cover.response"), number: true },
    ],
    points.map((one) => [
      `${number(one.latitude_deg, 2)}, ${number(one.longitude_deg, 2)}`,
      number(one.looks),
      number(one.mean_revisit_h, 2),
      number(one.max_revisit_h, 2),
      number(one.mean_response_h, 2),
    ]),
  );
}

function byLatitude(points: Point[]): HTMLElement {
  const rows = new Map<string, Point[]>();
  for (const one of [...points].sort((a, b) => b.latitude_deg - a.latitude_deg)) {
    const key = number(one.latitude_deg, 1);
    rows.set(key, [...(rows.get(key) ?? []), one]);
  }
  const known = (list: Point[], key: "mean_revisit_h" | "max_revisit_h" | "mean_response_h") =>
    list.map((one) => one[key]).filter((one): one is number => one !== null);
  const mean = (list: number[]) => (list.length === 0 ? ABSENT : number(list.reduce((a, b) => a + b, 0) / list.length, 1));
  return longTable(
    say("cover.title"),
    [
      { head: say("cover.latitude"), number: true },
      { head: say("cover.points"), number: true },
      { head: say("cover.seen"), number: true },
      { head: say("cover.looks"), number: true },
      { head: say("cover.mean"), number: true },
      { head: say("cover.longest"), number: true },
      { head: say("cover.response"), number: true },
    ],
    [...rows].map(([latitude, list]) => {
      const longest = known(list, "max_revisit_h");
      return [
        latitude,
        number(list.length),
        number((100 * list.filter((one) => one.looks > 0).length) / list.length),
        mean(list.map((one) => one.looks)),
        mean(known(list, "mean_revisit_h")),
        // A gap without end is not hidden.
        longest.length < list.length ? say("cover.never") : number(Math.max(...longest), 1),
        mean(known(list, "mean_response_h")),
      ];
    }),
    60,
  );
}

interface Repeat {
  orbits: {
    days: number;
    revolutions: number;
    altitude_km: number;
    perigee_km: number;
    apogee_km: number;
    inclination_deg: number;
    nodal_period_s: number;
    track_spacing_km: number;
    sun_synchronous: boolean;
  }[];
}

export function repeatBox(plan: Plan, stage: Stage): HTMLElement {
  const middle = ((plan.achieved?.perigee_km ?? 500) + (plan.achieved?.apogee_km ?? 500)) / 2;
  const tilt = plan.achieved?.inclination_deg;
  const altitude = field("repeat.altitude", number(middle));
  const days = field("repeat.days", "3");
  const within = field("repeat.within", "100");
  const inclination = field("repeat.inclination", tilt === undefined ? "" : number(tilt, 2), { placeholder: say("orbit.kind.sso") });
  const circular = h("input", { type: "checkbox", checked: true });
  return block(
    say("repeat.title"),
    jobBox(
      stage,
      say("repeat.do"),
      say("repeat.why"),
      undefined,
      () => {
        const question: Question = {
          days: written(days.input),
          altitude_km: written(altitude.input),
          within_km: written(within.input) ?? 100,
          circular: circular.checked,
        };
        const asked = written(inclination.input);
        if (asked !== null) question["inclination_deg"] = asked;
        return start("repeat", question);
      },
      showRepeat,
      h(
        "div",
        {},
        h("div", { class: "fields" }, days.element, altitude.element, within.element, inclination.element),
        h("label", { class: "choice" }, circular, h("span", {}, say("repeat.circular"))),
      ),
    ),
  );
}

export async function showRepeat(job: Job, place: HTMLElement): Promise<void> {
  const { orbits } = await result<Repeat>(job.id);
  put(
    place,
    table(
      say("repeat.title"),
      [
        { head: say("repeat.turns") },
        { head: say("orbit.altitudeHead"), number: true },
        { head: say("repeat.shape"), number: true },
        { head: say("orbit.inclinationHead"), number: true },
        { head: say("repeat.period"), number: true },
        { head: say("repeat.apart"), number: true },
      ],
      orbits.map((one) => [
        say("repeat.in", { turns: one.revolutions, days: one.days }),
        number(one.altitude_km, 2),
        `${number(one.perigee_km, 1)} x ${number(one.apogee_km, 1)}`,
        number(one.inclination_deg, 3),
        number(one.nodal_period_s / 60, 2),
        number(one.track_spacing_km, 1),
      ]),
    ),
    h("p", { class: "small" }, say("repeat.note")),
  );
}
