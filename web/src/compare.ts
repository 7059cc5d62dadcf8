// Two plans side by side.
import { get, result } from "./api";
import { h, put } from "./dom";
import { finishedPlans } from "./jobs";
import { section, table } from "./parts";
import { axis, layout, makePlot } from "./plots";
import { say } from "./say";
import type { Name } from "./text/en";
import type { Job, Plan, Track } from "./types";
import { ABSENT, eventName, instant, lossName, mass, number, orbitAchieved, orbitWanted } from "./words";

interface Side {
  job: Job;
  plan: Plan;
  track: Track | null;
}

export async function showCompare(place: HTMLElement, ids: string[]): Promise<void> {
  put(place, h("h1", { tabindex: -1 }, say("compare.title")), h("p", { class: "small" }, say("loading")));
  const plans = await finishedPlans();
  if (plans.length < 2) {
    put(place, h("h1", { tabindex: -1 }, say("compare.title")), h("p", { class: "empty" }, say("compare.none")));
    return;
  }
  const [a, b] = [ids[0] ?? plans[0]!.id, ids[1] ?? plans.find((one) => one.id !== (ids[0] ?? plans[0]!.id))!.id];
  const choice = (which: number, now: string) => {
    const select = h(
      "select",
      {
        "aria-label": say("compare.choose", { which: which + 1 }),
        onchange: () => {
          const next = which === 0 ? [select.value, b] : [a, select.value];
          location.hash = `#/compare/${next[0]}/${next[1]}`;
        },
      },
      plans.map((one) => h("option", { value: one.id, selected: one.id === now }, `${one.title} (${instant(one.created_utc)})`)),
    );
    return select;
  };
  const sides = await Promise.all([a, b].map((id) => side(id)));
  put(
    place,
    h("h1", { tabindex: -1 }, say("compare.title")),
    h("div", { class: "pair" }, choice(0, a), choice(1, b)),
    rows(sides[0]!, sides[1]!),
    section(say("answer.flight"), h("div", { class: "grid plots" }, plots(sides[0]!, sides[1]!))),
    eventRows(sides[0]!, sides[1]!),
  );
}

async function side(id: string): Promise<Side> {
  const [job, plan] = await Promise.all([get<Job>(`jobs/${id}`), result<Plan>(id)]);
  const track = await get<Track>(`jobs/${id}/trajectory?most=800`).catch(() => null);
  return { job, plan, track };
}

function rows(a: Side, b: Side): HTMLElement {
  type Give = (plan: Plan) => number | null | undefined;
  const numbers: [string, Give, number, string][] = [
    [say("pay.payload"), (p) => p.payload_kg, 0, "kg"],
    [say("compare.corrected"), (p) => p.corrected_payload_kg, 0, "kg"],
    [say("fact.duration"), (p) => p.t_final_s, 1, "s"],
    [say("fact.finalMass"), (p) => p.final_mass_kg, 0, "kg"],
    [say("curve.q"), (p) => p.events?.find((one) => one.name === "max_q")?.q_pa, 0, "Pa"],
    ...Object.keys(a.plan.losses_m_s ?? {}).map(
      (key): [string, Give, number, string] => [lossName(key), (p) => p.losses_m_s?.[key], 0, "m/s"],
    ),
  ];
  const difference = (x: number | null | undefined, y: number | null | undefined, digits: number) =>
    typeof x === "number" && typeof y === "number" ? `${y >= x ? "+" : ""}${number(y - x, digits)}` : ABSENT;
  const words: [string, string, string, string][] = [
    [say("compare.vehicle"), a.plan.vehicle, b.plan.vehicle, ""],
    [say("site.label"), a.plan.site, b.plan.site, ""],
    [say("near.orbit"), orbitWanted(a.plan.target), orbitWanted(b.plan.target), ""],
    [say("compare.reached"), orbitAchieved(a.plan), orbitAchieved(b.plan), ""],
  ];
  const body = numbers.map(([name, give, digits, unit]) => {
    const [x, y] = [give(a.plan), give(b.plan)];
    const shown = (value: number | null | undefined) => (digits === 0 && unit === "kg" ? mass(value) : number(value, digits));
    return [`${name}, ${unit}`, shown(x), shown(y), difference(x, y, digits)];
  });
  return table(
    say("compare.title"),
    [
      { head: "" },
      { head: say("compare.first"), number: true },
      { head: say("compare.second"), number: true },
      { head: say("compare.difference"), number: true },
    ],
    [...words, ...body],
  );
}

const CURVES: [string, Name, string, number][] = [
  ["altitude_km", "curve.altitude", "km", 1],
  ["inertial_speed_m_s", "curve.inertialSpeed", "m/s", 1],
  ["q_pa", "curve.q", "kPa", 1000],
  ["acceleration_m_s2", "curve.acceleration", "m/s2", 1],
];

function plots(a: Side, b: Side): HTMLElement[] {
  const sides = [a, b].filter((one): one is Side & { track: Track } => one.track !== null);
  return CURVES.map(([key, title, unit, divisor]) =>
    makePlot(
      `compare-${key}`,
      `${say(title)}, ${unit}`,
      (look) => ({
        data: sides.map((one, i) => ({
          type: "scatter",
          mode: "lines",
          x: one.track.columns["t_s"],
          y: (one.track.columns[key] ?? []).map((value) => (value === null ? null : value / divisor)),
          line: { color: i === 0 ? look.first : look.second, width: 1.8, dash: i === 0 ? "solid" : "dash" },
          name: say(i === 0 ? "compare.first" : "compare.second"),
          hovertemplate: `%{y:.1f} ${unit}`,
        })),
        layout: layout(look, { xaxis: axis(look), yaxis: axis(look, { rangemode: "tozero" }), hovermode: "x unified" }),
      }),
      { series: [[say("compare.first"), "first"], [say("compare.second"), "second"]] },
    ).element,
  );
}

function eventRows(a: Side, b: Side): HTMLElement {
  const names = [...new Set([...(a.plan.events ?? []), ...(b.plan.events ?? [])].map((one) => one.name))];
  const at = (plan: Plan, name: string) => plan.events?.find((one) => one.name === name);
  return section(
    say("event.title"),
    table(
      say("event.title"),
      [
        { head: say("event.name"), kind: "name" },
        { head: `1: ${say("event.t")}`, number: true },
        { head: `2: ${say("event.t")}`, number: true },
        { head: `1: ${say("event.altitude")}`, number: true },
        { head: `2: ${say("event.altitude")}`, number: true },
      ],
      names.map((name) => [
        eventName(name),
        number(at(a.plan, name)?.t_s, 1),
        number(at(b.plan, name)?.t_s, 1),
        number(at(a.plan, name)?.altitude_km, 1),
        number(at(b.plan, name)?.altitude_km, 1),
      ]),
    ),
  );
}
