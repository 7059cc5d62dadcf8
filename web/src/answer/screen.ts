// The launch window against objects in orbit: when it is closed, by what, what comes near.
import { result } from "../api";
import { h, put } from "../dom";
import { makeFileField } from "../files";
import { ofRun, start } from "../jobs";
import { jobBox } from "../job_box";
import { section, table } from "../parts";
import { axis, layout, makePlot } from "../plots";
import { say, sayOr } from "../say";
import type { Stage } from "../stage";
import type { Job, Plan, Question } from "../types";
import { instant, number } from "../words";
import { field, longTable, notes, small, written } from "./common";

interface Stretch {
  from_utc: string;
  to_utc: string;
  seconds: number;
}

interface Closed extends Stretch {
  object: string;
  number: number;
  kind: string;
  keep_out_km: number;
}

interface Screening {
  keep_out_km: Record<string, number>;
  closed: Closed[];
  open: Stretch[];
  open_seconds: number;
  approaches: { object: string; kind: string; utc: string; miss_km: number; speed_km_s: number; age_days: number; catalogue_km: number; probability?: number; probability_limit?: number }[];
  catalogue: { file: string; objects: number; kinds: Record<string, number>; refused: number; age_days: { median: number | null; greatest: number | null } };
  notes: string[];
}

export function screenSection(run: Job, plan: Plan, stage: Stage): HTMLElement {
  const catalogue = makeFileField("screen.file", "screen.hint", ".tle,.3le,.txt,.omm,.xml,.csv,.json", ["orbit", "other"]);
  const opens = field("screen.start", plan.epoch_utc, { mode: "text", wide: true });
  const minutes = field("screen.minutes", "120");
  const orbits = field("screen.orbits", "0");
  const keepOut = field("screen.keepOut", "", { placeholder: say("ask.usual") });
  const crewed = field("screen.crewed", "", { placeholder: "200" });
  const own = field("screen.ownSigma", "", { mode: "text", placeholder: "100,500,100" });
  const theirs = field("screen.theirSigma", "", { mode: "text", placeholder: "1000,5000,1000" });
  return section(
    say("screen.title"),
    jobBox(
      stage,
      say("screen.do"),
      say("screen.why"),
      ofRun(run.id, "screen")[0],
      () => {
        const file = catalogue.value();
        if (!file) throw new Error(say("screen.missing"));
        const question: Question = {
          run: run.id,
          catalogue: file.id,
          start_utc: opens.input.value.trim() || null,
          minutes: written(minutes.input) ?? 120,
          orbits: written(orbits.input) ?? 0,
        };
        for (const [key, one] of [["keep_out_km", keepOut], ["crewed_km", crewed]] as const) {
          const value = written(one.input);
          if (value !== null) question[key] = value;
        }
        if (own.input.value.trim()) question["own_sigma"] = own.input.value.trim();
        if (theirs.input.value.trim()) question["catalogue_sigma"] = theirs.input.value.trim();
        return start("screen", question);
      },
      showScreen,
      h(
        "div",
        {},
        catalogue.element,
        h("div", { class: "fields" }, opens.element, minutes.element, orbits.element, keepOut.element, crewed.element, own.element, theirs.element),
      ),
    ),
  );
}

export async function showScreen(job: Job, place: HTMLElement): Promise<void> {
  const found = await result<Screening>(job.id);
  const told = found.catalogue;
  const minutes = found.open_seconds / 60;
  const sure = found.approaches.some((one) => one.probability !== undefined);
  put(
    place,
    h(
      "p",
      { class: "big" },
      found.closed.length === 0 ? say("screen.allOpen") : say("screen.open", { open: number(minutes, 1), whole: number(job.question["minutes"], 1) }),
    ),
    h("p", { class: "small" }, say("screen.against", {
      objects: number(told.objects),
      file: told.file,
      crewed: number(told.kinds["crewed"] ?? 0),
      age: number(told.age_days.median, 1),
    })),
    told.refused > 0 ? h("p", { class: "small bad" }, say("screen.refused", { count: told.refused })) : null,
    found.closed.length > 0 ? timeline(found) : null,
    found.closed.length > 0
      ? longTable(
          say("screen.closed"),
          [
            { head: say("screen.from"), kind: "name" },
            { head: say("screen.to"), kind: "name" },
            { head: say("screen.seconds"), number: true },
            { head: say("screen.object"), kind: "name" },
            { head: say("screen.kind") },
            { head: say("screen.radius"), number: true },
          ],
          found.closed.map((one) => [
            instant(one.from_utc),
            instant(one.to_utc),
            number(one.seconds, 1),
            one.object,
            sayOr(`object.${one.kind}`, one.kind),
            number(one.keep_out_km, 1),
          ]),
          30,
        )
      : null,
    found.approaches.length > 0
      ? h(
          "div",
          { class: "sub-block" },
          h("h3", { class: "sub" }, say("screen.approaches")),
          longTable(
            say("screen.approaches"),
            [
              { head: say("screen.object"), kind: "name" },
              { head: say("screen.kind") },
              { head: say("screen.liftoff"), kind: "name" },
              { head: say("screen.miss"), number: true },
              { head: say("screen.speed"), number: true },
              { head: say("screen.age"), number: true },
              { head: say("screen.sure"), number: true },
              ...(sure ? [{ head: say("screen.probability"), number: true }] : []),
            ],
            found.approaches.map((one) => [
              one.object,
              sayOr(`object.${one.kind}`, one.kind),
              instant(one.utc),
              number(one.miss_km, 2),
              number(one.speed_km_s, 2),
              number(one.age_days, 1),
              number(one.catalogue_km, 1),
              ...(sure ? [`${small(one.probability)} / ${small(one.probability_limit)}`] : []),
            ]),
            20,
          ),
          h("p", { class: "small" }, say("screen.sureNote")),
        )
      : null,
    table(
      say("screen.keepOuts"),
      [{ head: say("screen.kind") }, { head: say("screen.radius"), number: true }, { head: say("screen.objects"), number: true }],
      Object.entries(found.keep_out_km).map(([kind, km]) => [sayOr(`object.${kind}`, kind), number(km, 1), number(told.kinds[kind] ?? 0)]),
    ),
    notes(found.notes),
  );
}

/** Bars where the window is closed, one row for each kind of object. */
function timeline(found: Screening): HTMLElement {
  const every = [...found.closed, ...found.open];
  const range = [every.map((one) => one.from_utc).sort()[0], every.map((one) => one.to_utc).sort().at(-1)];
  const kinds = [...new Set(found.closed.map((one) => one.kind))];
  return makePlot(
    "screen",
    say("screen.timeline"),
    (look) => ({
      data: [
        {
          type: "bar",
          orientation: "h",
          base: found.closed.map((one) => one.from_utc),
          x: found.closed.map((one) => one.seconds * 1000),
          y: found.closed.map((one) => sayOr(`object.${one.kind}`, one.kind)),
          marker: { color: look.second, line: { color: look.second, width: 1 } },
          customdata: found.closed.map((one) => [one.object, instant(one.from_utc), number(one.seconds, 1)]),
          hovertemplate: "%{customdata[0]}<br>%{customdata[1]}, %{customdata[2]} s<extra></extra>",
        },
      ],
      layout: layout(look, {
        xaxis: axis(look, { type: "date", range }),
        yaxis: axis(look, { showgrid: false, tickfont: { color: look.ink, size: 12 } }),
        bargap: 0.4,
        barmode: "overlay",
      }),
    }),
    { height: `${4 + 2 * kinds.length}rem` },
  ).element;
}
