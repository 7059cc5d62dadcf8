// Payload over orbits: hover gives the number and the reason of a kink.
import { result } from "../api";
import { h, put } from "../dom";
import { section, table } from "../parts";
import { axis, layout, makePlot } from "../plots";
import { say } from "../say";
import type { Stage } from "../stage";
import type { Cell, Job, Kink } from "../types";
import { mass, number } from "../words";
import { takeSection } from "./takeaway";

interface PayloadMap {
  vehicle: string;
  sites: string[];
  cells: Cell[];
  kinks: Kink[];
}

export async function showMap(job: Job, place: HTMLElement, stage: Stage): Promise<void> {
  const map = await result<PayloadMap>(job.id);
  put(
    stage.head,
    h(
      "header",
      { class: "answer-head" },
      h("p", { class: "mission" }, say("map.mission", { vehicle: map.vehicle, sites: map.sites.join(", ") })),
      h("h2", { class: "headline", tabindex: -1, id: "map-title" }, say("map.title")),
    ),
  );
  put(
    place,
    map.sites.map((site) => mapPlot(site, map)),
    section(
      say("map.cells"),
      table(
        say("map.cells"),
        [
          { head: say("map.site") },
          { head: say("orbit.altitudeHead"), number: true },
          { head: say("orbit.inclinationHead"), number: true },
          { head: say("pay.payload"), number: true },
          { head: say("map.way") },
          { head: say("map.reason"), kind: "source" },
        ],
        map.cells.map((one) => [
          one.site,
          number(one.altitude_km),
          number(one.inclination_deg, 1),
          one.payload_kg === null ? "-" : `${mass(one.payload_kg)} kg`,
          [one.direction, one.course].filter(Boolean).join(", "),
          one.reason || kinksAt(map.kinks, one).join("; "),
        ]),
      ),
    ),
    takeSection(job),
  );
}

function kinksAt(kinks: Kink[], cell: Cell): string[] {
  const inside = ([a, b]: [number, number], value: number) => value >= Math.min(a, b) && value <= Math.max(a, b);
  return kinks
    .filter((one) => one.site === cell.site && inside(one.altitudes_km, cell.altitude_km) && inside(one.inclinations_deg, cell.inclination_deg))
    .map((one) => say("map.kink", { change: one.change }));
}

function mapPlot(site: string, map: PayloadMap): HTMLElement {
  const cells = map.cells.filter((one) => one.site === site);
  const sorted = (values: number[]) => [...new Set(values)].sort((a, b) => a - b);
  const altitudes = sorted(cells.map((one) => one.altitude_km));
  const inclinations = sorted(cells.map((one) => one.inclination_deg));
  const at = (altitude: number, inclination: number) =>
    cells.find((one) => one.altitude_km === altitude && one.inclination_deg === inclination);
  const words = (cell: Cell | undefined) => {
    if (!cell) return "";
    const first = `${number(cell.altitude_km)} km, ${number(cell.inclination_deg, 1)} deg`;
    const found = cell.payload_kg === null ? cell.reason || cell.status : `${mass(cell.payload_kg)} kg`;
    const way = [cell.direction, cell.course].filter(Boolean).join(", ");
    return [first, `<b>${found}</b>`, way, ...kinksAt(map.kinks, cell)].filter(Boolean).join("<br>");
  };
  return makePlot(
    `map-${site}`,
    say("map.plot", { site }),
    (look) => ({
      data: [
        {
          type: "heatmap",
          x: inclinations,
          y: altitudes,
          z: altitudes.map((altitude) => inclinations.map((inclination) => at(altitude, inclination)?.payload_kg ?? null)),
          text: altitudes.map((altitude) => inclinations.map((inclination) => words(at(altitude, inclination)))),
          hovertemplate: "%{text}<extra></extra>",
          // Even in lightness, and read alike with any colour vision.
          colorscale: "Cividis",
          xgap: 1,
          ygap: 1,
          colorbar: { title: { text: "kg", side: "top" }, thickness: 12, outlinewidth: 0, tickfont: { color: look.muted, size: 11 } },
        },
        {
          type: "scatter",
          mode: "markers",
          x: map.kinks.filter((one) => one.site === site).map((one) => (one.inclinations_deg[0] + one.inclinations_deg[1]) / 2),
          y: map.kinks.filter((one) => one.site === site).map((one) => (one.altitudes_km[0] + one.altitudes_km[1]) / 2),
          marker: { symbol: "diamond", size: 9, color: look.card, line: { color: look.ink, width: 1.5 } },
          text: map.kinks.filter((one) => one.site === site).map((one) => say("map.kink", { change: one.change })),
          hovertemplate: "%{text}<extra></extra>",
        },
      ],
      layout: layout(look, {
        xaxis: axis(look, { showgrid: false, title: { text: say("orbit.inclinationHead"), font: { size: 12, color: look.muted } } }),
        yaxis: axis(look, { showgrid: false, title: { text: say("orbit.altitudeHead"), font: { size: 12, color: look.muted } } }),
      }),
    }),
    { height: "24rem", note: say("map.note") },
  ).element;
}
