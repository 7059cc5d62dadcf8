// When to launch: a calendar of the days and the hours.
import { result } from "../api";
import { h, put } from "../dom";
import { ofRun, start } from "../jobs";
import { jobBox } from "../job_box";
import { section } from "../parts";
import { axis, layout, makePlot } from "../plots";
import { say, sayOr } from "../say";
import type { Stage } from "../stage";
import type { Job, LaunchWindow, Question } from "../types";
import { instant, number } from "../words";
import { field, longTable, written } from "./common";

/** Rows on the page; the file has them all. */
const SHOWN = 30;

export function windowsSection(from: Question, stage: Stage): HTMLElement {
  const days = field("window.days", "7");
  const ltan = field("window.ltan", "", { mode: "text", placeholder: "10:30" });
  const raan = field("window.raan", "");
  return section(
    say("window.title"),
    jobBox(
      stage,
      say("window.do"),
      say("window.why"),
      ofRun(stage.run, "windows")[0],
      () => {
        const question: Question = { ...from, days: written(days.input), raan_deg: written(raan.input) };
        if (ltan.input.value.trim()) question["ltan"] = ltan.input.value.trim();
        return start("windows", question);
      },
      (job, place) => showWindows(job, place, stage),
      h("div", { class: "fields" }, days.element, ltan.element, raan.element),
    ),
  );
}

interface Windows {
  windows: LaunchWindow[];
  notes?: string[];
  /** Wishes that would show more, by their names in the question. */
  remedies?: string[];
  plane?: string;
}

export async function showWindows(job: Job, place: HTMLElement, stage: Stage): Promise<void> {
  const found = await result<Windows>(job.id);
  const list = found.windows;
  put(
    place,
    found.plane ? h("p", { class: "lead" }, say("window.plane", { plane: found.plane })) : null,
    list.length === 0 ? h("p", {}, say("window.none")) : calendar(list),
    list.length === 0 ? null : windowTable(list),
    (found.notes ?? []).map((one) => h("p", { class: "small" }, one)),
    (found.remedies ?? []).includes("any_azimuth") ? anyAzimuth(job, place, stage) : null,
  );
}

/** The same asked again, with the ways that the corridor bars. */
function anyAzimuth(job: Job, place: HTMLElement, stage: Stage): HTMLElement {
  const begin = () => start("windows", { ...job.question, any_azimuth: true });
  return jobBox(stage, say("window.anyAzimuth"), "", undefined, begin, (made) => showWindows(made, place, stage));
}

/** Days across, hours up; filled by day or night at the pad, shaped by the node. */
function calendar(list: LaunchWindow[]): HTMLElement {
  const light = (one: LaunchWindow) => String(one.conditions["daylight"] ?? "");
  const hours = (one: LaunchWindow) => (Date.parse(one.utc) % 86_400_000) / 3_600_000;
  return makePlot(
    "windows",
    say("window.calendar"),
    (look) => ({
      data: [
        {
          type: "scatter",
          mode: "markers",
          x: list.map((one) => one.utc.slice(0, 10)),
          y: list.map(hours),
          marker: {
            size: 12,
            symbol: list.map((one) => (one.node === "ascending" ? "triangle-up" : "triangle-down")),
            color: list.map((one) => (light(one) === "day" ? look.second : light(one) === "night" ? look.first : look.third)),
            line: { color: look.card, width: 1 },
          },
          customdata: list.map((one) => [instant(one.utc), sayOr(`light.${light(one)}`, light(one)), number(one.azimuth_deg, 1), one.node]),
          hovertemplate: `%{customdata[0]}<br>%{customdata[1]}, %{customdata[3]}, ${say("window.azimuth")} %{customdata[2]} deg<extra></extra>`,
        },
      ],
      layout: layout(look, {
        xaxis: axis(look, { type: "category", showgrid: false }),
        yaxis: axis(look, { range: [24, 0], dtick: 6, title: { text: say("window.hour"), font: { size: 11, color: look.muted } } }),
      }),
    }),
    {
      height: "16rem",
      series: [
        [say("light.day"), "second"],
        [say("light.twilight"), "third"],
        [say("light.night"), "first"],
      ],
      note: say("window.note"),
    },
  ).element;
}

function windowTable(list: LaunchWindow[]): HTMLElement {
  return longTable(
    say("window.title"),
    [
      { head: say("window.utc") },
      { head: say("window.azimuthHead"), number: true },
      { head: say("window.node") },
      { head: say("window.light") },
      { head: say("window.beta"), number: true },
      { head: say("window.shadow"), number: true },
    ],
    list.map((one) => [
      instant(one.utc),
      number(one.azimuth_deg, 1),
      say(one.node === "ascending" ? "node.ascending" : "node.descending"),
      sayOr(`light.${String(one.conditions["daylight"])}`, String(one.conditions["daylight"] ?? "")),
      number(one.conditions["beta_deg"], 1),
      number(one.conditions["eclipse_percent"], 1),
    ]),
    SHOWN,
  );
}
