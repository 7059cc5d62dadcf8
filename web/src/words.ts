// Numbers and sentences, worded as the command line words them.
import { say, sayOr } from "./say";
import type { Elements, Limit, Plan } from "./types";

export const ABSENT = "-";

/** A number with fixed decimals, "-" where there is none, never "-0". */
export function number(value: unknown, digits = 0): string {
  if (typeof value !== "number" || !Number.isFinite(value)) return ABSENT;
  const shown = value.toFixed(digits);
  return /^-0(\.0*)?$/.test(shown) ? shown.slice(1) : shown;
}

/** Kilograms as payloads are quoted: whole, or one decimal below a tonne. */
export function mass(value_kg: unknown): string {
  if (typeof value_kg !== "number" || !Number.isFinite(value_kg)) return ABSENT;
  return number(value_kg, Math.abs(value_kg) >= 1000 ? 0 : 1);
}

export function significant(value: unknown, digits = 3): string {
  if (typeof value !== "number" || !Number.isFinite(value)) return ABSENT;
  if (value === 0) return "0";
  if (Math.abs(value) < 1e-4) return value.toExponential(digits - 1);
  return number(value, Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value)))));
}

export function instant(utc: string | null | undefined): string {
  return utc ? utc.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC") : ABSENT;
}

export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  if (minutes >= 60) return say("time.hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
  return minutes > 0 ? say("time.minutes", { m: minutes, s: whole % 60 }) : say("time.seconds", { s: whole });
}

export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  return count < 1e6 ? `${number(count / 1e3)} kB` : `${number(count / 1e6, 1)} MB`;
}

export function orbitAchieved(plan: Plan): string {
  const whole = plan.achieved;
  const mean = plan.target["elements"] === "mean" && whole?.mean;
  const got: Elements | null = mean ? mean : whole;
  if (got?.perigee_km === undefined) return ABSENT;
  const perigee = number(got.perigee_km, 1);
  let shape =
    got.apogee_km === undefined || got.apogee_km === null
      ? say("orbit.perigee", { km: perigee })
      : `${perigee} x ${number(got.apogee_km, 1)} km`;
  if (typeof got.c3_km2_s2 === "number") shape = `C3 ${number(got.c3_km2_s2, 2)} km2/s2, ${shape}`;
  if (typeof got.inclination_deg === "number") shape += `, ${number(got.inclination_deg, 2)} deg`;
  return mean ? `${shape} ${say("orbit.mean")}` : shape;
}

export const orbitWanted = (target: Record<string, unknown>): string =>
  String(target["text"] ?? target["kind"] ?? "");

export interface Verdict {
  word: string;
  sentence: string;
  good: boolean;
}

export function verdict(plan: Plan): Verdict {
  if (plan.status === "optimal") {
    return { word: say("verdict.verified"), sentence: say("verdict.optimal"), good: true };
  }
  if (plan.status === "infeasible") {
    const by: string[] = [];
    const short = plan.shortfall;
    if (typeof short?.delta_v_m_s === "number") by.push(`${number(short.delta_v_m_s)} m/s`);
    if (typeof short?.payload_kg === "number") by.push(`${mass(short.payload_kg)} kg`);
    const told = by.length > 0 ? say("verdict.short", { by: by.join(say("or")) }) : "";
    const why = [plan.reason, told].filter(Boolean).join(" ") || say("verdict.unreachable");
    return { word: say("verdict.infeasible"), sentence: why, good: false };
  }
  if (plan.status === "not_converged") {
    return { word: say("verdict.notConverged"), sentence: say("verdict.notConvergedWhy"), good: false };
  }
  return { word: say("verdict.failed"), sentence: say("verdict.failedWhy"), good: false };
}

export function reflight(plan: Plan): string {
  const proof = plan.verification;
  if (typeof proof?.position_error_m !== "number") return say("verdict.notFlown");
  const flown = say("verdict.reflown", {
    by: proof.integrator,
    m: significant(proof.position_error_m, 2),
    ms: significant(proof.velocity_error_m_s, 2),
  });
  const tried = plan.starts?.tried ?? 0;
  if (tried === 0) return flown;
  const agreed = say("verdict.starts", { tried, agreed: plan.starts?.agreed ?? 0 });
  return `${flown} ${agreed}`;
}

export const eventName = (name: string): string => name.replace("max_q", "max q");

export const lossName = (key: string): string => sayOr(`loss.${key}`, key.replace(/_/g, " "));

/** A limit's value with as many digits as the limit itself needs. */
export function limitText(value: Limit["limit"], unit: string | null, size: number): string {
  if (Array.isArray(value)) return value.map((one) => limitText(one, unit, size)).join(say("to"));
  if (typeof value !== "number") return value === null ? ABSENT : String(value);
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 0.1 ? 2 : 4;
  return number(value, digits);
}

/** A least value: the margin is what lies above it, and nothing is used up. */
export function isFloor(item: Limit): boolean {
  const { limit, reached, margin } = item;
  if (typeof limit !== "number" || typeof reached !== "number" || typeof margin !== "number") return false;
  return Math.abs(reached - limit - margin) < Math.abs(reached - limit + margin);
}
