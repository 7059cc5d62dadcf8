// The answer to "how much?": payload, verdict, tables, plots, and what follows.
import { address, get, result } from "../api";
import type { Clock } from "../clock";
import { h, put } from "../dom";
import { section, table } from "../parts";
import { flightPlots, lossPlot } from "../plots";
import { say } from "../say";
import type { Stage } from "../stage";
import type { Job, Limit, Plan, Track } from "../types";
import {
  ABSENT,
  eventName,
  instant,
  isFloor,
  limitText,
  lossName,
  mass,
  number,
  orbitAchieved,
  orbitWanted,
  reflight,
  verdict,
} from "../words";
import { fallsSection } from "./falls";
import { satelliteSection } from "./satellite";
import { screenSection } from "./screen";
import { takeAway } from "./takeaway";
import { windowsSection } from "./windows";

export async function showPlan(job: Job, place: HTMLElement, stage: Stage): Promise<void> {
  const plan = await result<Plan>(job.id);
  // The answer first; what it is drawn from comes a moment later.
  put(stage.head, headline(plan, job));
  stage.answered();
  const flown = plan.status === "optimal" || plan.status === "verification_failed";
  const track = flown ? await get<Track>(`jobs/${job.id}/trajectory?most=1500`).catch(() => null) : null;
  const plots = track ? flightPlots(plan, track, stage.clock) : [];
  const losses = flown ? lossPlot(plan, lossName) : null;
  put(
    place,
    facts(plan),
    payloads(plan),
    nearest(plan),
    track && section(say("answer.flight"), h("div", { class: "grid plots" }, plots.map((one) => one.element))),
    events(plan, stage.clock),
    limitsTable(plan),
    losses && section(say("answer.losses"), losses.element),
    track && fallsSection(job, plan, track, stage),
    track && satelliteSection(job, plan, stage),
    plan.status === "optimal" && windowsSection({ run: job.id }, stage),
    plan.status === "optimal" && screenSection(job, plan, stage),
    takeAway(job, plan, [...plots, ...(losses ? [losses] : [])]),
  );
  stage.clock.reach("ascent", plan.t_final_s ?? 1);
  if (!track) return;
  stage.slider(plan);
  const globe = await stage.globe;
  if (!globe) return;
  globe.flight(track);
  void globe.settled().then(() => (document.documentElement.dataset["flight"] = "drawn"));
}

export function headline(plan: Plan, job: Job): HTMLElement {
  const told = verdict(plan);
  const good = plan.status === "optimal";
  const interval = plan.interval?.interval_kg ?? plan.first_order_interval_kg ?? plan.payload_interval_kg;
  return h(
    "header",
    { class: good ? "answer-head" : "answer-head none" },
    h("p", { class: "mission" }, say("answer.mission", {
      vehicle: plan.vehicle,
      site: plan.site,
      orbit: orbitWanted(plan.target),
      time: instant(plan.epoch_utc),
    })),
    h(
      "div",
      { class: "head-row" },
      h(
        "div",
        {},
    h(
      "h2",
      { class: "headline", tabindex: -1 },
      good && plan.payload_kg !== null
        ? h("data", { value: String(plan.payload_kg), id: "payload" }, `${mass(plan.payload_kg)} kg`)
        : tooMuch(plan) ?? say(`headline.${plan.status}` as "headline.infeasible"),
    ),
    plan.alternatives && plan.alternatives.length > 1
      ? h("p", { class: "orbit" }, plan.alternatives.map((one, i) => (i === 0 ? one.name : `${mass(one.payload_kg)} kg ${one.name}`)).join("; "))
      : null,
    h("p", { class: "orbit" }, good ? say("answer.to", { orbit: orbitAchieved(plan) }) : ""),
    good && interval
      ? h("p", { class: "interval" }, say(plan.interval?.by === "sampling" ? "answer.sampled" : "answer.firstOrder", {
          low: mass(interval[0]),
          high: mass(interval[1]),
        }))
      : null,
      ),
      h(
        "div",
        {},
        h(
          "p",
          { class: `verdict ${told.good ? "good" : "bad"}`, role: "status" },
          h("b", {}, told.word),
          h("span", {}, told.sentence),
        ),
        h("p", { class: "reflight" }, reflight(plan)),
        h(
          "p",
          { class: "row links" },
          job.files.some((one) => one.name === "report.html")
            ? h("a", { href: address(`jobs/${job.id}/files/report.html`), target: "_blank", rel: "noopener" }, say("answer.report"))
            : null,
          h("a", { href: `#/compare/${job.id}` }, say("answer.compare")),
        ),
      ),
    ),
  );
}

/** A payload that was asked for and was too much, with the most there is. */
function tooMuch(plan: Plan): string | null {
  const most = plan.best_payload_kg;
  const short = plan.shortfall?.payload_kg;
  if (plan.status !== "infeasible" || typeof most !== "number" || typeof short !== "number") return null;
  return say("headline.tooMuch", { asked: mass(most + short), most: mass(most) });
}

function facts(plan: Plan): HTMLElement | null {
  if (plan.status !== "optimal") return null;
  const last = plan.events?.at(-1);
  const rows: [string, string][] = [
    [say("fact.duration"), `${number(plan.t_final_s, 1)} s`],
    [say("fact.finalMass"), `${mass(plan.final_mass_kg)} kg`],
    [say("fact.insertion"), last ? `${number(last.altitude_km, 1)} km` : ABSENT],
    [say("fact.speed"), last ? `${number(last.inertial_speed_m_s)} m/s` : ABSENT],
    [say("fact.adapter"), plan.adapter_kg ? `${mass(plan.adapter_kg)} kg` : say("fact.noAdapter")],
  ];
  if (typeof plan.margin_kg === "number") rows.push([say("fact.margin"), `${mass(plan.margin_kg)} kg`]);
  const toGeo = plan.achieved?.delta_v_to_geo_m_s;
  if (typeof toGeo === "number") rows.push([say("fact.toGeo"), `${number(toGeo)} m/s`]);
  return h("dl", { class: "facts" }, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

/** This flight, corrected, and every published figure: bars on one scale, words beside. */
export function payloads(plan: Plan): HTMLElement | null {
  if (plan.status !== "optimal" || plan.payload_kg === null) return null;
  interface Row { who: string; kg: number; span?: [number, number]; what: string; ours: boolean }
  const rows: Row[] = [{ who: say("pay.raw"), kg: plan.payload_kg, what: `${orbitAchieved(plan)}. ${say("pay.rawWhat")}`, ours: true }];
  const interval = plan.interval?.interval_kg ?? plan.first_order_interval_kg;
  if (typeof plan.corrected_payload_kg === "number") {
    rows.push({
      who: say("pay.corrected"),
      kg: plan.corrected_payload_kg,
      ...(interval ? { span: interval } : {}),
      what: plan.calibration?.measured
        ? say("pay.correctedWhat", { points: plan.calibration.points, vehicles: plan.calibration.vehicles })
        : say("pay.uncorrected"),
      ours: true,
    });
  }
  for (const one of plan.published) {
    rows.push({
      who: say("pay.published"),
      kg: one.payload_kg,
      what: `${one.orbit}${one.site ? `, ${one.site}` : ""}. ${one.source} (${adapter(one.includes_adapter)})`,
      ours: false,
    });
  }
  const top = 1.05 * Math.max(...rows.map((row) => Math.max(row.kg, row.span?.[1] ?? 0)));
  const share = (kg: number) => `${((100 * kg) / top).toFixed(2)}%`;
  const bar = (row: Row) => {
    const made = h("span", { class: `bar ${row.ours ? "ours" : "theirs"}`, "aria-hidden": "true" }, h("i", { class: "point" }));
    (made.firstElementChild as HTMLElement).style.left = share(row.kg);
    if (row.span) {
      const span = h("i", { class: "span" });
      span.style.left = share(row.span[0]);
      span.style.width = share(row.span[1] - row.span[0]);
      made.prepend(span);
    }
    return made;
  };
  return section(
    say("pay.title"),
    h("p", { class: "lead" }, say("pay.lead")),
    table(
      say("pay.title"),
      [{ head: "" }, { head: say("pay.payload"), number: true }, { head: say("pay.scale", { top: mass(top) }), kind: "bars" }, { head: say("pay.what"), kind: "source" }],
      rows.map((row) => [
        row.who,
        row.span ? `${mass(row.kg)} kg, ${mass(row.span[0])} ${say("to")} ${mass(row.span[1])}` : `${mass(row.kg)} kg`,
        bar(row),
        row.what,
      ]),
      { row: (i) => (rows[i]!.ours ? "ours" : ""), kind: "stack" },
    ),
  );
}

function adapter(included: unknown): string {
  if (included === true || included === "yes") return say("pay.withAdapter");
  if (included === false || included === "no") return say("pay.withoutAdapter");
  return say("pay.adapterUnknown");
}

function nearest(plan: Plan): HTMLElement | null {
  const list = plan.nearest ?? [];
  if (plan.status !== "infeasible") return null;
  if (list.length === 0) return h("p", { class: "lead" }, say("near.none"));
  return section(
    say("near.title"),
    table(
      say("near.title"),
      [{ head: say("near.change") }, { head: say("near.orbit") }, { head: say("pay.payload"), number: true }, { head: "" }],
      list.map((one) => [
        one.change,
        one.target,
        one.payload_kg === null ? ABSENT : `${mass(one.payload_kg)} kg`,
        one.target
          ? h("a", { href: `#/plan?vehicle=${encodeURIComponent(plan.vehicle)}&site=${encodeURIComponent(plan.site)}&orbit=${encodeURIComponent(one.target)}` }, say("near.try"))
          : "",
      ]),
    ),
  );
}

function events(plan: Plan, clock: Clock): HTMLElement | null {
  const list = plan.events ?? [];
  if (list.length === 0) return null;
  const made = table(
    say("event.title"),
    [
      { head: "", kind: "key" },
      { head: say("event.name"), kind: "name" },
      { head: say("event.t"), number: true },
      { head: say("event.altitude"), number: true },
      { head: say("event.speed"), number: true },
      { head: say("event.inertial"), number: true },
      { head: say("event.downrange"), number: true },
      { head: say("event.mass"), number: true },
      { head: say("event.q"), number: true },
      { head: say("event.acceleration"), number: true },
    ],
    list.map((one, i) => [
      String(i + 1),
      h("button", { type: "button", class: "link", onclick: () => clock.set(one.t_s) }, eventName(one.name)),
      number(one.t_s, 1),
      number(one.altitude_km, 1),
      number(one.speed_m_s),
      number(one.inertial_speed_m_s),
      number(one.downrange_km),
      number(one.mass_kg),
      number(one.q_pa / 1000, 2),
      number(one.acceleration_m_s2, 1),
    ]),
  );
  const rows = [...made.querySelectorAll("tbody tr")];
  clock.follow((t) => {
    const now = list.findLastIndex((one) => one.t_s <= t + 1e-6);
    rows.forEach((row, i) => row.classList.toggle("now", i === now && t > 0));
  });
  return section(say("event.title"), h("p", { class: "lead" }, say("event.lead")), made);
}

function limitsTable(plan: Plan): HTMLElement | null {
  const list = plan.limits ?? [];
  if (list.length === 0) return null;
  const row = (item: Limit) => {
    const ends = [item.limit].flat().filter((one): one is number => typeof one === "number" && one !== 0);
    const size = Math.max(...ends.map(Math.abs), 0) || 1;
    const floor = isFloor(item);
    const allowed = limitText(item.limit, item.unit, size);
    const used = typeof item.limit === "number" && typeof item.reached === "number" && item.limit > 0 && !floor;
    const active = used && typeof item.margin === "number" && Math.abs(item.margin) <= 1e-3 * Math.abs(item.limit as number);
    return [
      item.unit ? `${item.name.replace(/_/g, " ")}, ${item.unit}` : item.name.replace(/_/g, " "),
      floor ? `>= ${allowed}` : allowed,
      limitText(item.reached, item.unit, size),
      limitText(item.margin, item.unit, size),
      used ? meter((item.reached as number) / (item.limit as number), item.met === false) : "",
      item.met === false ? h("span", { class: "missed" }, say("limit.missed")) : say(active ? "limit.active" : "limit.met"),
    ];
  };
  return section(
    say("limit.title"),
    table(
      say("limit.title"),
      [
        { head: say("limit.name") },
        { head: say("limit.limit"), number: true },
        { head: say("limit.reached"), number: true },
        { head: say("limit.margin"), number: true },
        { head: "", kind: "part" },
        { head: "" },
      ],
      list.map(row),
    ),
  );
}

function meter(share: number, over: boolean): HTMLElement {
  const inner = h("i", { class: over ? "over" : null });
  inner.style.width = `${Math.min(100, Math.max(0, 100 * share)).toFixed(1)}%`;
  return h("span", { "aria-hidden": "true" }, inner);
}
