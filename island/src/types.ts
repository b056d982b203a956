// What does the server tell the coding screen? The shapes of /api/coding, as they come and as they are sent.

export interface Round {
  id: string;
  title: string;
  mode: "independent" | "joint";
  state: "open" | "frozen" | "revealed";
}

export interface Facet {
  id: string;
  name: string;
  name_zh: string;
}

export interface Code {
  id: string;
  facet: string;
  name: string;
  name_zh: string;
  parent: string;
  key: string;
  colour: string;
  definition: string;
  use_when: string;
  not_when: string;
  example: string;
  anchors: string[];
  second_item: boolean;
  active: boolean;
}

/** An item in the order in which this coder reads. */
export interface Entry {
  id: string;
  kind: "post" | "comment";
  post: string;
  read: boolean;
}

export interface Overview {
  round: Round;
  coder: string;
  language: string;
  codebook: { version: number; facets: Facet[]; codes: Code[] };
  items: Entry[];
  read: number;
  finished: boolean;
  groups: { id: string; name: string }[];
  actor_types: string[];
  can_undo: boolean;
}

export interface Item {
  item_id: string;
  kind: "post" | "comment";
  post_id: string;
  parent_id: string;
  depth: number | null;
  author: string;
  group: string;
  actor_type: string;
  published_at: string | null;
  shown: string;
  time_basis: string;
  title: string;
  text: string;
  hashtags: string[];
  language: string;
  counts: Record<string, [number | null, string]>;
  media: string[];
  elsewhere?: number;
  mine?: boolean;
}

/** Where a code is applied: a whole item, a span in code points, or a region in original pixels. */
export interface Target {
  item_id: string;
  field: string;
  start: number | null;
  end: number | null;
  media_id: string;
  x: number | null;
  y: number | null;
  w: number | null;
  h: number | null;
  second_item: string;
}

export interface Coding extends Target {
  code_id: string;
  nothing_applies: boolean;
  memo: string;
  coder: string;
  outdated: boolean;
}

export interface Note {
  memo_id: string;
  about: string[];
  text: string;
  coder: string;
  at: string;
  type: string;
}

export interface Translation {
  translation_id: string;
  field: string;
  text: string;
  language: string;
  engine: string;
  version: string;
  made_on: string;
  accepted: boolean;
}

export interface Media {
  kind: string;
  width: number | null;
  height: number | null;
  src: string;
}

export interface Thread {
  /** Null where the post itself was not captured. */
  post: Item | null;
  comments: Item[];
  declared_comments: number | null;
  codings: Coding[];
  notes: Note[];
  translations: Record<string, Translation[]>;
  media: Record<string, Media>;
  claims: Record<string, { id: string; statement: string; side: string }[]>;
  leads: Record<string, { id: string; text: string }[]>;
}

export const itemsOf = (thread: Thread): Item[] => (thread.post ? [thread.post, ...thread.comments] : thread.comments);

export interface Fault {
  message: string;
  where: string;
}

export interface Answer {
  results: { act: string; saved: boolean; faults?: Fault[] }[];
  codings: Record<string, Coding[]>;
  read: number;
  can_undo: boolean;
  undone?: { item_id: string; words: string } | null;
}
