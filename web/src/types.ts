// What the API sends and takes, as far as the page uses it.

export interface Fault {
  kind: string;
  message: string;
  file: string | null;
  key: string | null;
  value: unknown;
  allowed: string | null;
}

export interface Session {
  version: string;
  csrf: string;
  limits: Record<string, number>;
}

export interface DrawnStage {
  key: string;
  name: string;
  diameter_m: number | null;
  length_m: number | null;
  count: number;
  solid: boolean;
  propellant_kg: number | null;
  dry_kg: number | null;
  thrust_vac_n: number | null;
}

export interface Drawing {
  height_m: number | null;
  stages: DrawnStage[];
  strapons: DrawnStage[];
  fairing: { diameter_m: number | null; length_m: number | null; mass_kg: number | null } | null;
}

export interface Vehicle {
  name: string;
  title: string;
  status: string;
  country: string;
  family: string;
  pads: string[];
  recovery: string[];
  riders: string[];
  /** What it lets go of on its way, as a drop zone names it. */
  parts: string[];
  height_m: number | null;
  drawing: Drawing;
}

export interface Pad {
  key: string;
  title: string;
  latitude_deg: number;
  longitude_deg: number;
  altitude_m: number;
}

export interface Site {
  name: string;
  title: string;
  country: string;
  reachable: string;
  corridors_deg: [number, number][];
  pads: Pad[];
}

export interface Station {
  name: string;
  latitude_deg: number;
  longitude_deg: number;
  altitude_m: number;
}

export interface Way {
  node: string;
  azimuth_deg: number;
  inertial_azimuth_deg: number;
  in_corridor: boolean;
}

export interface OrbitCheck {
  ok: boolean;
  error?: Fault;
  text?: string;
  told?: string;
  target?: Record<string, unknown>;
  site?: { inclinations: { azimuths: string; inclinations: string }[] } | null;
  reach?: { verdict: string; told: string; ways: Way[] } | null;
}

export type State = "queued" | "running" | "stopping" | "done" | "refused" | "failed" | "stopped";

export interface Job {
  id: string;
  kind: string;
  title: string;
  state: State;
  outcome: string | null;
  progress: { text: string; share: number | null; elapsed_s: number; left_s: number | null };
  queue_place: number | null;
  created_utc: string;
  started_utc: string | null;
  ended_utc: string | null;
  question: Question;
  command: string;
  summary: Record<string, unknown>;
  error: Fault | null;
  /** One that is made when it is opened has no size yet. */
  files: { name: string; bytes: number | null; type: string }[];
  revision: number;
}

/** Where a part comes down, or does not: a country, or a file that was handed in. */
export interface ZoneAsked {
  part?: string | null;
  area?: string | null;
  file?: string | null;
}

export type Question = Record<string, unknown>;

export interface StoredFile {
  id: string;
  name: string;
  bytes: number;
  form: string;
  told: string;
  mission: {
    vehicle: string;
    site: string;
    orbit: string;
    payload_kg: number | null;
    epoch_utc: string | null;
  } | null;
  vehicle: Vehicle | null;
  satellites: string[] | null;
}

export interface FlightEvent {
  name: string;
  t_s: number;
  altitude_km: number;
  speed_m_s: number;
  inertial_speed_m_s: number;
  downrange_km: number;
  mass_kg: number;
  q_pa: number;
  acceleration_m_s2: number;
}

export interface Limit {
  name: string;
  limit: number | number[] | string | null;
  reached: number | number[] | string | null;
  unit: string | null;
  margin: number | null;
  met: boolean | null;
}

export interface Published {
  payload_kg: number;
  orbit: string;
  site?: string;
  includes_adapter: unknown;
  source: string;
  confidence?: string;
}

export interface Elements {
  perigee_km?: number;
  apogee_km?: number;
  inclination_deg?: number;
  c3_km2_s2?: number;
  delta_v_to_geo_m_s?: number | null;
  frame?: string;
  mean?: Elements;
}

export interface Plan {
  status: string;
  vehicle: string;
  site: string;
  pad: string | null;
  epoch_utc: string;
  target: Record<string, unknown>;
  payload_kg: number | null;
  adapter_kg: number | null;
  payload_interval_kg: [number, number] | null;
  corrected_payload_kg?: number;
  first_order_interval_kg?: [number, number];
  own_rating?: { payload_kg: number; ratio: number; by: unknown[] } | null;
  calibration?: { measured: boolean; points: number; vehicles: number; spread: number } | null;
  interval?: { by: string; interval_kg: [number, number]; samples: number } | null;
  alternatives?: { name: string; payload_kg: number }[];
  margin_kg?: number | null;
  best_payload_kg?: number | null;
  starts: { tried: number; agreed: number; spread_percent: number | null } | null;
  best_start?: string;
  published: Published[];
  achieved: Elements | null;
  verification: {
    position_error_m: number | null;
    velocity_error_m_s: number | null;
    integrator: string;
    passed: boolean;
  } | null;
  events: FlightEvent[] | null;
  losses_m_s: Record<string, number | null> | null;
  limits: Limit[] | null;
  kept?: Record<string, unknown>;
  reason?: string;
  shortfall?: { delta_v_m_s: number | null; payload_kg: number | null };
  nearest?: { change: string; target: string; payload_kg: number | null }[];
  final_mass_kg: number | null;
  t_final_s: number | null;
  total_s: number;
  provenance: { cosmodrome: string; inputs_sha256: string; command: string };
}

export interface Track {
  samples: number;
  thinned: boolean;
  epoch_utc: string;
  columns: Record<string, (number | null)[]> & { leg?: never };
}

export interface Part {
  name: string;
  kind: string;
  count: number;
  mass_kg: number;
  latitude_deg: number;
  longitude_deg: number;
  t_s: number;
  release_s: number;
  range_km: number;
  surface: string;
  country: string | null;
  people_99: { estimate_lo: number | null; estimate_hi: number | null; statement: string };
  ellipses: {
    probability: number;
    latitude_deg: number;
    longitude_deg: number;
    semi_major_km: number;
    semi_minor_km: number;
    azimuth_deg: number;
  }[];
}

export interface Pass {
  satellite: string;
  station: string;
  rise_utc: string;
  culmination_utc: string;
  set_utc: string;
  max_elevation_deg: number;
  duration_s: number;
}

export interface Eclipse {
  penumbra_entry_utc: string | null;
  umbra_entry_utc: string | null;
  umbra_exit_utc: string | null;
  penumbra_exit_utc: string | null;
}

export interface LaunchWindow {
  utc: string;
  azimuth_deg: number;
  node: string;
  raan_deg: number;
  conditions: Record<string, unknown>;
}

export interface Cell {
  site: string;
  altitude_km: number;
  inclination_deg: number;
  payload_kg: number | null;
  status: string;
  burns: number | null;
  direction: string | null;
  course: string | null;
  limits_reached: string[];
  reason: string;
}

export interface Kink {
  site: string;
  kind: string;
  along: string;
  altitudes_km: [number, number];
  inclinations_deg: [number, number];
  change: string;
}

export interface Claim {
  vehicle: string;
  site: string;
  target: Record<string, unknown>;
  status: string;
  claimed_kg: number;
  verdict: string | null;
  probability: number | null;
  payload_kg: number | null;
  interval_kg: [number, number] | null;
  raw_kg: number | null;
  would_be_true_if: string;
  published: Published[];
  provenance: { command: string; cosmodrome: string };
}
