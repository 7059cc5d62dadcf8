// The page: frame, views by address, and what ties form, globe and answer together.
import "./style.css";
import "./theme";
import { get, openSession, Refused } from "./api";
import { showClaim } from "./answer/claim";
import { showKind } from "./answer/kinds";
import { showMap } from "./answer/map";
import { showPlan, type Stage } from "./answer/plan";
import { makeClock } from "./clock";
import { showCompare } from "./compare";
import { announce, find, h, put } from "./dom";
import { fieldFor, handIn, onDrop, openButton } from "./files";
import { makeFrame } from "./frame";
import { loadGlobe } from "./globe_box";
import { fetchJob, finished, job as known, list, onJobs, start, watch } from "./jobs";
import { endedBox, faultBox, progressBox } from "./parts";
import { warmPlots } from "./plots";
import { makeQuestion, type QuestionForm } from "./question";
import { showRuns } from "./runs";
import { say } from "./say";
import { makeSlider } from "./slider";
import type { Job, Plan, Site, StoredFile, Vehicle } from "./types";

const frame = makeFrame(find("#page"));

async function begin(): Promise<void> {
  await openSession();
  const [{ vehicles }, { sites }] = await Promise.all([
    get<{ vehicles: Vehicle[] }>("vehicles"),
    get<{ sites: Site[] }>("sites"),
  ]);
  const globe = loadGlobe(frame.globe, sites, (site) => form.chooseSite(site), () => form.site());
  let shownJob = "";
  const form: QuestionForm = makeQuestion(vehicles, sites, {
    submit: () => void submit(),
    siteChanged: (name) => void globe.view.then((view) => view?.select(name, shownJob === "")),
    reached: (check) => void globe.view.then((view) => view?.ways(check.reach?.ways ?? [])),
  });
  put(frame.lineup, form.lineup);
  put(frame.form, form.element);
  document.documentElement.dataset["page"] = "ready";
  void globe.view.then((view) => view?.drawn).then(warmPlots);

  // ------------------------------------------------------------ asking
  let stage: Stage = { head: frame.head, clock: makeClock(), globe: globe.view, slider: () => undefined };
  let leave: (() => void) | null = null;
  let asked = "";

  async function submit(): Promise<void> {
    form.fault(null);
    form.busy(true);
    try {
      const { kind, question } = await form.asked();
      const job = await start(kind, question);
      asked = job.id;
      location.hash = `#/run/${job.id}`;
      // On a narrow screen the answer stands below the form.
      frame.head.scrollIntoView({ block: "nearest" });
    } catch (error) {
      const fault = error instanceof Refused ? error.fault : null;
      const allowed = fault?.allowed ? ` ${say("error.allowed", { allowed: fault.allowed })}` : "";
      form.fault(`${(error as Error).message}${allowed}`, fault?.key);
    } finally {
      form.busy(false);
    }
  }

  // ------------------------------------------------------------ one run
  async function showRun(id: string): Promise<void> {
    frame.show("plan");
    leave?.();
    leave = null;
    if (shownJob === id && frame.head.querySelector(".headline")) return;
    shownJob = id;
    frame.answer.dataset["job"] = id;
    stage.clock.pause();
    stage = {
      head: frame.head,
      clock: makeClock(),
      globe: globe.view,
      slider: (plan: Plan) => put(frame.slider, makeSlider(stage.clock, plan.events ?? [], (span) => void globe.view.then((view) => view?.fit(span)))),
    };
    const clock = stage.clock;
    void globe.view.then((view) => {
      if (!view) return;
      view.clear();
      clock.follow((t) => stage.clock === clock && view.time(t));
    });
    put(frame.slider);
    frame.globe.hidden = false;
    put(frame.answer);
    put(frame.head, h("p", { class: "small" }, say("loading")));
    try {
      // Of what was asked just now all is known: the form says it, and nothing came of it yet.
      const just = asked === id ? known(id) : undefined;
      asked = "";
      // What was worked out for an older run comes back with it.
      const [fetched] = just ? [just] : await Promise.all([fetchJob(id), list(id, 0, 50).catch(() => null)]);
      // It may have ended while the list was on its way, and nobody would say so again.
      const job = known(id) ?? fetched;
      if (!just) form.write(job.question, job.kind);
      if (await settle(job)) return;
      put(frame.head, progressBox(id));
      leave = onJobs((changed, deleted) => {
        if (deleted.includes(id)) return gone();
        const mine = changed.find((one) => one.id === id);
        if (!mine || shownJob !== id) return;
        if (!finished(mine) && !frame.head.querySelector(".progress")) put(frame.head, progressBox(id));
        if (finished(mine) && mine.state !== "stopped") leave?.();
        void settle(mine);
      });
      const now = known(id);
      if (now && finished(now)) void settle(now); // it ended while the page looked away
    } catch (error) {
      const fault = error instanceof Refused ? error.fault : null;
      put(frame.head, faultBox(fault?.kind === "not_found" ? { ...fault, message: say("job.gone") } : fault, (error as Error).message));
    }
  }

  function gone(): void {
    put(frame.answer);
    put(frame.head, h("p", { class: "empty" }, say("job.gone")));
  }

  /** Show a finished job; false while it is still at work. */
  async function settle(job: Job): Promise<boolean> {
    if (!finished(job)) return false;
    if (job.state !== "done") {
      put(frame.head, endedBox(job));
      return job.state !== "stopped";
    }
    const { head, answer: place } = frame;
    // A map has no place on the globe.
    frame.globe.hidden = job.kind === "map";
    if (job.kind === "plan") await showPlan(place, job, stage);
    else if (job.kind === "check") await showClaim(head, place, job);
    else if (job.kind === "map") await showMap(head, place, job);
    else frame.globe.hidden = !(await showKind(job, place, stage)) && job.kind !== "windows";
    document.documentElement.dataset["answer"] = job.id;
    document.title = say("app.title", { title: job.title });
    head.querySelector<HTMLElement>(".headline")?.focus({ preventScroll: true });
    return true;
  }

  // ------------------------------------------------------------ files
  const opened = (file: StoredFile) => {
    // A part of the answer that is open may want it: a catalogue, an area.
    const wanted = fieldFor(file.form);
    if (wanted && file.form !== "mission") {
      wanted.take(file);
      wanted.element.scrollIntoView({ block: "center" });
      return;
    }
    frame.show("plan");
    if (form.take(file)) {
      location.hash = "#/plan";
      return;
    }
    if (file.form !== "mission") {
      form.fault(say(file.form === "orbit" ? "file.catalogueLater" : "file.useless", { name: file.name }));
      return;
    }
    location.hash = "#/plan";
    if (file.mission) {
      form.write({ vehicle: file.mission.vehicle, site: file.mission.site, orbit: file.mission.orbit });
    }
    form.useMission(file);
    announce(file.told);
  };
  const read = async (file: File) => {
    form.fault(null);
    try {
      announce(say("file.reading", { name: file.name }));
      opened(await handIn(file));
    } catch (error) {
      frame.show("plan");
      const fault = error instanceof Refused ? error.fault : null;
      const allowed = fault?.allowed ? ` ${say("error.allowed", { allowed: fault.allowed })}` : "";
      form.fault(`${(error as Error).message}${allowed}`);
    }
  };
  put(frame.tools, openButton((file) => void read(file)));
  onDrop((file) => void read(file));

  // ------------------------------------------------------------ views by address
  let close: (() => void) | null = null;
  const route = () => {
    const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
    const [view = "", ...rest] = path.split("/");
    close?.();
    close = null;
    document.title = say("app.name");
    if (view === "run" && rest[0]) return void showRun(rest[0]);
    if (view === "runs") {
      frame.show("runs");
      close = showRuns(frame.runs);
      frame.runs.querySelector("h1")?.focus({ preventScroll: true });
    } else if (view === "compare") {
      frame.show("compare");
      void showCompare(frame.compare, rest).catch((error: Error) =>
        put(frame.compare, faultBox(error instanceof Refused ? error.fault : null, error.message)),
      );
    } else {
      frame.show("plan");
      if (query) form.write(Object.fromEntries(new URLSearchParams(query)));
      if (!shownJob) put(frame.answer, h("p", { class: "empty" }, say("answer.empty")));
    }
  };
  window.addEventListener("hashchange", route);
  await list("", 0, 50).catch(() => null);
  void watch();
  route();
}

begin().catch((error: Error) => {
  put(frame.answer, faultBox(error instanceof Refused ? error.fault : null, error.message));
});
