// What a satellite needs: mass, velocity, power, data, link; how long it stays; who carries it.
import { result } from "../api";
import { h, put } from "../dom";
import { makeFileField } from "../files";
import { job as known, onJobs, start } from "../jobs";
import { jobBox } from "../job_box";
import { table, type Column } from "../parts";
import { axis, layout, makePlot } from "../plots";
import { say, sayOr } from "../say";
import type { Stage } from "../stage";
import type { Job, Plan, Question } from "../types";
import { ABSENT, mass, number, significant } from "../words";
import { block, facts, field, folded, listed, longTable, notes } from "./common";
import { years } from "./life";

interface Budget {
  name: string;
  lines: { kind: "input" | "result"; name: string; value: number; unit: string; formula: string }[];
  limit: string;
  margin: number;
  unit: string;
  tables: { name: string; columns: string[]; rows: (number | string | null)[][] }[];
  assumptions: string[];
  met: boolean;
}

interface Satellite {
  spacecraft: string;
  epoch_utc: string;
  budgets: Record<string, Budget | null>;
  revisit: { latitude_deg: number; seen: number; mean_revisit_h: number | null; max_revisit_h: number | null }[] | null;
  lifetime: {
    years: { p05: number; p50: number; p95: number };
    probability_within_5_years: number;
    probability_within_25_years: number;
    from_utc: string;
    perigee_km: number;
    apogee_km: number;
    assumptions: string[];
  } | null;
  launchers: {
    vehicle: string;
    site: string;
    status: string;
    payload_kg: number | null;
    margin_kg: number | null;
    predicted_kg: number | null;
    needed_kg: number;
    at_most_kg: number | null;
    notes: string[];
  }[];
  assumptions: string[];
}

/** Those that carry it stand first; the file has them all. */
const LAUNCHERS = 12;
const ORDER = ["mass", "delta_v", "power", "data", "link"];

/** Budgets for the orbit that this plan went for. */
export function budgetsBlock(plan: Plan, stage: Stage): HTMLElement {
  const craft = makeFileField("craft.file", "craft.hint", ".toml", ["spacecraft"]);
  const carriers = field("craft.vehicles", plan.vehicle, { mode: "text", wide: true });
  const build = h("input", { type: "checkbox" });
  const orbit = String(plan.target["text"] ?? "");
  if (!orbit) return h("p", { class: "small" }, say("craft.noText"));
  const existing = satelliteJob(orbit);
  return block(
    say("craft.title"),
    jobBox(
      stage,
      say("craft.do"),
      say("craft.why"),
      existing,
      () => {
        const file = craft.value();
        if (!file) throw new Error(say("craft.missing"));
        const names = listed(carriers.input);
        const question: Question = { spacecraft: file.id, orbit, epoch_utc: plan.epoch_utc, build: build.checked };
        if (names.length > 0) question["vehicles"] = names;
        return start("satellite", question);
      },
      showBudgets,
      h(
        "div",
        {},
        craft.element,
        h("div", { class: "fields" }, carriers.element),
        h("label", { class: "choice" }, build, h("span", {}, say("craft.build"), " ", h("span", { class: "small" }, say("craft.build.why")))),
      ),
    ),
  );
}

/** Budgets that were drawn up for this orbit before. */
function satelliteJob(orbit: string): Job | undefined {
  return [...asked.values()].map((id) => known(id)).find((one) => one?.question["orbit"] === orbit);
}

const asked = new Set<string>();
onJobs((changed, deleted) => {
  for (const one of changed) if (one.kind === "satellite") asked.add(one.id);
  for (const id of deleted) asked.delete(id);
});

export async function showBudgets(job: Job, place: HTMLElement): Promise<void> {
  const found = await result<Satellite>(job.id);
  const drawn = ORDER.map((key) => found.budgets[key]).filter((one): one is Budget => Boolean(one));
  put(
    place,
    drawn.length === 0 ? h("p", {}, say("craft.empty")) : overview(drawn),
    ...drawn.map(budget),
    life(found),
    revisit(found),
    launchers(found),
    notes(found.assumptions),
  );
}

const title = (one: Budget) => sayOr(`budget.${one.name}`, one.name.replace(/_/g, " "));

function margin(one: Budget): string {
  return one.unit ? `${significant(one.margin)} ${one.unit}` : `${number(100 * one.margin, 1)} %`;
}

function overview(list: Budget[]): HTMLElement {
  const missed = list.filter((one) => !one.met);
  return h(
    "div",
    {},
    h(
      "p",
      { class: `big ${missed.length === 0 ? "good" : "bad"}` },
      missed.length === 0 ? say("craft.all") : say("craft.missed", { which: missed.map(title).join(", ") }),
    ),
    table(
      say("craft.overview"),
      [{ head: say("craft.budget"), kind: "name" }, { head: say("limit.margin"), number: true }, { head: "" }, { head: say("craft.limitedBy"), kind: "source" }],
      list.map((one) => [
        title(one),
        margin(one),
        h("span", { class: one.met ? "good" : "missed" }, say(one.met ? "limit.met" : "limit.missed")),
        one.limit,
      ]),
    ),
  );
}

function budget(one: Budget): HTMLElement {
  const line = (wanted: "input" | "result") =>
    one.lines
      .filter((item) => item.kind === wanted)
      .map((item) => [item.name, `${significant(item.value, 4)} ${item.unit}`.trim(), item.formula]);
  const columns: Column[] = [{ head: say("craft.quantity") }, { head: say("craft.value"), number: true }, { head: say("craft.formula"), kind: "source" }];
  const caption = title(one);
  return folded(
    say(one.met ? "craft.one" : "craft.oneMissed", { name: caption }),
    !one.met,
    table(caption, columns, line("result")),
    ...one.tables.map((shown) => (shown.rows.length > 40 ? curves(one, shown) : plain(shown))),
    h(
      "details",
      { class: "more notes" },
      h("summary", {}, say("craft.inputs", { count: line("input").length })),
      table(`${caption}: ${say("craft.inputs", { count: line("input").length })}`, columns, line("input")),
    ),
    notes(one.assumptions),
  );
}

function plain(shown: Budget["tables"][number]): HTMLElement {
  const isNumber = (at: number) => shown.rows.some((row) => typeof row[at] === "number");
  return table(
    shown.name,
    shown.columns.map((head, at) => ({ head, ...(isNumber(at) ? { number: true } : {}) })),
    shown.rows.map((row) => row.map((cell) => (typeof cell === "number" ? significant(cell) : (cell ?? ABSENT)))),
  );
}

/** A long table is drawn: its first column across, what has one unit in one plot. */
function curves(one: Budget, shown: Budget["tables"][number]): HTMLElement {
  const across = shown.columns[0]!;
  const groups = new Map<string, number[]>();
  shown.columns.slice(1).forEach((head, i) => {
    const unit = /\s(\S+)$/.exec(head)?.[1] ?? "";
    const short = ["W", "deg", "min"].includes(unit) ? unit : head;
    groups.set(short, [...(groups.get(short) ?? []), i + 1]);
  });
  return h(
    "div",
    { class: "grid plots" },
    [...groups].map(([unit, columns]) => {
      const named = columns.map((at) => shown.columns[at]!);
      const colours = ["first", "second", "third"] as const;
      const told = columns.length > 1 ? `${shown.name}, ${unit}` : named[0]!;
      return makePlot(
        `${one.name}-${unit}`.replace(/\W+/g, "-"),
        told,
        (look) => ({
          data: columns.map((at, i) => ({
            type: "scatter",
            mode: "lines",
            x: shown.rows.map((row) => row[0]),
            y: shown.rows.map((row) => row[at]),
            line: { color: look[colours[i % 3]!], width: 1.8 },
            hovertemplate: `${named[i]}: %{y:.3~g}<extra></extra>`,
          })),
          layout: layout(look, {
            xaxis: axis(look, { title: { text: across, font: { size: 11, color: look.muted } } }),
            yaxis: axis(look, {}),
            hovermode: "x unified",
          }),
        }),
        { series: columns.length > 1 ? named.map((words, i) => [words, colours[i % 3]!]) : [] },
      ).element;
    }),
  );
}

function life(found: Satellite): HTMLElement | null {
  const one = found.lifetime;
  if (!one) return null;
  return block(
    say("craft.life"),
    facts([
      [say("craft.life.p50"), years(one.years.p50)],
      [say("craft.life.between"), `${years(one.years.p05)}${say("to")}${years(one.years.p95)}`],
      [say("craft.life.five"), `${number(100 * one.probability_within_5_years)} %`],
      [say("craft.life.25"), `${number(100 * one.probability_within_25_years)} %`],
    ]),
    h("p", { class: "small" }, say("craft.life.from", { from: one.from_utc.slice(0, 10), perigee: number(one.perigee_km), apogee: number(one.apogee_km) })),
    notes(one.assumptions),
  );
}

function revisit(found: Satellite): HTMLElement | null {
  const list = found.revisit ?? [];
  if (list.length === 0) return null;
  return block(
    say("craft.revisit"),
    table(
      say("craft.revisit"),
      [
        { head: say("cover.latitude"), number: true },
        { head: say("cover.seen"), number: true },
        { head: say("cover.mean"), number: true },
        { head: say("cover.longest"), number: true },
      ],
      list.map((one) => [number(one.latitude_deg), number(100 * one.seen), number(one.mean_revisit_h, 1), number(one.max_revisit_h, 1)]),
    ),
  );
}

function launchers(found: Satellite): HTMLElement | null {
  const list = found.launchers;
  if (list.length === 0) return null;
  return block(
    say("craft.launchers"),
    longTable(
      say("craft.launchers"),
      [
        { head: say("compare.vehicle"), kind: "name" },
        { head: say("site.label") },
        { head: say("craft.status") },
        { head: say("craft.needed"), number: true },
        { head: say("craft.payload"), number: true },
        { head: say("craft.marginKg"), number: true },
        { head: say("map.reason"), kind: "source" },
      ],
      list.map((one) => [
        one.vehicle,
        one.site,
        sayOr(`carrier.${one.status}`, one.status),
        mass(one.needed_kg),
        one.payload_kg === null && one.at_most_kg !== null ? say("craft.atMost", { kg: mass(one.at_most_kg) }) : mass(one.payload_kg),
        mass(one.margin_kg),
        one.notes.join("; "),
      ]),
      LAUNCHERS,
    ),
  );
}
