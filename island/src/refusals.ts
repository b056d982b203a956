// What was an act, in words for its coder?
import type { Act } from "./acts";
import { codeOf, itemOf, type State } from "./state";
import { shortened } from "./text";
import { nameOf, t } from "./words";

/** `Welcome on “欢迎！”`, `memo: “...”`. */
export function inWords(state: State, act: Act): string {
  if ("text" in act) return `${t("memo")}: “${shortened(act.text, 60)}”`;
  if (act.do === "group") return `${t("group_of")} ${act.author}: ${act.group} ${act.actor_type}`;
  if (!("item_id" in act)) return t(`do_${act.do}`);
  const item = itemOf(state, act.item_id);
  const where = item ? shortened(item.text || item.title, 40) : act.item_id;
  const code = "code_id" in act ? codeOf(state, act.code_id) : undefined;
  const what = code ? nameOf(code) : "code_id" in act ? act.code_id : t("nothing");
  return `${t(act.do === "remove" || act.do === "not_nothing" ? "take_off" : "apply")}: ${what}, “${where}”`;
}
