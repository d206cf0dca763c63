// The check without signal: QR and printed facts against the keys and the list that lie on this phone.
(() => {
const form = document.getElementById("luring"), {dataset} = form, {elements} = form;
const answer = document.getElementById("jawaban"), state = document.getElementById("bekal");
const DAY = 86400000;
const stock = {};

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const dayOf = (at) => new Intl.DateTimeFormat(document.documentElement.lang, {dateStyle: "long", timeStyle: "short"}).format(new Date(at));
const ageOf = (at) => (Date.now() - Date.parse(at)) / DAY;
const oddsOf = ({bytes, count}) =>
  new Intl.NumberFormat(document.documentElement.lang, {notation: "compact", compactDisplay: "long"}).format(256 ** bytes / Math.max(1, count));
// A list from tomorrow: the clock of this phone is wrong, and nobody knows how old anything is.
const isOld = ({at}) => !(ageOf(at) > -1 && ageOf(at) <= Number(dataset.days));
const copy = (name) => document.querySelector(`template[data-copy="${name}"]`).content.firstElementChild.cloneNode(true);

const load = async (name, path) => {
  try { stock[name] = await (await fetch(path)).json(); } catch { }
};
const tellStock = () => {
  const {keys, list} = stock;
  state.textContent = keys && list
    ? fill(isOld(list) ? dataset.oldStock : dataset.stock, {keys: dayOf(keys.at), list: dayOf(list.at), odds: oddsOf(list)})
    : dataset.noStock;
  elements.programme.setAttribute("list", "judul");
  document.getElementById("judul").replaceChildren(...(keys?.programmes || []).map((title) => new Option(title)));
};

const value = (name) => elements[name].value.trim().replace(/\s+/g, " ");
const compare = async (facts) => {
  const [serial, name, programme, day] = ["serial", "name", "programme", "day"].map(value);
  if (!(serial && name && programme && day)) return null;
  const serials = [serial, serial.toUpperCase()];
  return (await Promise.all(serials.map((one) => Stamp.factsHash(one, name, programme, day)))).includes(facts);
};

// Returns verdict, sentence and lines [is it right, what].
const judge = async () => {
  const {keys, list} = stock;
  if (!keys || !crypto.subtle) return ["unchecked", keys ? "noCrypto" : "noStock", []];
  const {fault, code, facts} = await Stamp.read(elements.qr.value, keys.keys);
  if (fault) return [fault === "forged" ? "unknown" : "unchecked", `${fault}Fault`, fault === "forged" ? [[false, "forgedLine"]] : []];
  const fate = list && await Stamp.fate(code, list), same = await compare(facts), unsure = !list || isOld(list);
  const lines = [
    [true, "stampLine"],
    [same, same === null ? "factsOpen" : same ? "factsLine" : "factsWrong"],
    [fate ? false : unsure ? null : true, fate ? "endedLine" : unsure ? "listOld" : "listLine"],
    [null, "unknownLine"],
  ];
  if (fate) return [fate, "ended", lines];
  if (same === false) return ["tampered", "tampered", lines];
  if (same === null) return ["unchecked", "compare", lines];
  return unsure ? ["unchecked", "old", lines] : ["valid", "valid", lines];
};

const show = ([verdict, sentence, lines]) => {
  const at = stock.list ? dayOf(stock.list.at) : "", banner = copy(verdict), list = document.createElement("ul");
  banner.querySelector("p").textContent = fill(dataset[sentence], {list: at});
  list.className = "checked";
  for (const [isRight, text] of lines) {
    const line = copy(String(isRight));
    line.lastElementChild.append(fill(dataset[text], {list: at}));
    list.append(line);
  }
  answer.replaceChildren(banner, ...(lines.length ? [list] : []));
  answer.hidden = false;
  answer.focus();
  answer.scrollIntoView();
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  show(await judge());
});
document.querySelector("[data-scan]").addEventListener("scanned", ({detail}) => {
  elements.qr.value = detail;
  form.requestSubmit();
});
const start = async () => {
  document.getElementById("tanpa").remove();
  await Promise.all([load("keys", dataset.keysAt), load("list", dataset.listAt)]);
  tellStock();
  form.hidden = false;
  await navigator.serviceWorker?.register(dataset.worker, {scope: dataset.scope});
  if (await navigator.serviceWorker?.getRegistration().then(() => navigator.serviceWorker.ready)) {
    document.getElementById("disimpan").hidden = false;
  }
};
start().catch(() => {});
})();
